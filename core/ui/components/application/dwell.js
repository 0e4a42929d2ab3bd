// Tells once that somebody has been in sight for a while. It does not count while the tab is hidden.

const STEP = 200;

export default function ({ data, parentElement, setTriggerValue }) {
  const watch = (parentElement.watch ??= { of: "" });
  if (watch.of !== data.of) {
    clearInterval(watch.timer);
    Object.assign(watch, { of: data.of, seen: 0 });
    if (data.of) watch.timer = setInterval(look, STEP);
  }

  function look() {
    if (document.visibilityState !== "visible") return;
    watch.seen += STEP;
    if (watch.seen < data.milliseconds) return;
    clearInterval(watch.timer);
    setTriggerValue("looked", data.of);
  }

  return () => {
    clearInterval(watch.timer);
    watch.of = "";
  };
}
