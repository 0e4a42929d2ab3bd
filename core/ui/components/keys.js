// One press, one deed. A held key repeats, and Streamlit's shortcuts and buttons answer each repeat.

const ARROWS = { left: "arrowleft", right: "arrowright" };
const FIELD = "input, textarea, select, [contenteditable='true']";
const WINDOW = "[role=dialog], [data-testid=stPopoverBody]";
const WRITTEN = "textarea, input:not([role=combobox])";
const APPROVE = "[class*='st-key-approve-'] button";
const REST = 700; // milliseconds; the server adds its own
const PATIENCE = 3000;
let keys = new Set();
let standing = "";
let since = -Infinity;

const within = (target, what) => target instanceof Element && target.closest(what) !== null;

const stop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};

// What was typed is handed over before Escape closes the window that it stands in: Streamlit drops
// the word of the closing while it still answers the other.
const handOver = (event, field) => {
  const window = field.closest(WINDOW);
  field.blur();
  if (!window) return;
  stop(event);
  const began = performance.now();
  const close = () => {
    const waited = performance.now() - began;
    const state = document.querySelector("[data-testid=stApp]")?.dataset.testScriptState;
    if ((waited > 150 && state === "notRunning") || waited > PATIENCE) {
      const { key, code, keyCode } = event;
      const again = { key, code, keyCode, bubbles: true, cancelable: true };
      window.dispatchEvent(new KeyboardEvent("keydown", again));
    } else requestAnimationFrame(close);
  };
  requestAnimationFrame(close);
};

// A proposal that took another one's place is not answered before it could be seen.
const look = () => {
  const holder = document.querySelector(APPROVE)?.closest("[class*='st-key-approve-']");
  const now = holder?.className.match(/st-key-approve-\S+/)?.[0];
  if (!now || now === standing) return;
  since = standing ? performance.now() : -Infinity;
  standing = now;
};
const resting = () => performance.now() - since < REST;

const press = (event) => {
  const target = event.composedPath()[0];
  const writing = within(target, FIELD);
  if (event.key === "Escape" && within(target, WRITTEN)) return handOver(event, target);
  if (writing) return;
  if (event.shiftKey && event.key.toLowerCase() === "a" && resting()) return stop(event);
  if (!event.repeat) return;
  if (event.key === "Enter" && within(target, "button, [role=button]")) stop(event);
  else if (keys.has(event.key.toLowerCase()) && !within(target, "[data-testid=stDataFrame]")) {
    stop(event);
  }
};

const click = (event) => {
  const target = event.composedPath()[0];
  if (within(target, APPROVE) && resting()) return stop(event);
  // Keys rest in every field, and a switch that was clicked would keep them for itself.
  if (event.detail > 0 && within(target, "[data-testid=stCheckbox]")) {
    setTimeout(() => document.activeElement?.matches("input") && document.activeElement.blur());
  }
};

export default function ({ data }) {
  keys = new Set(data.keys.map((key) => ARROWS[key] ?? key));
  look();
  const drawn = new MutationObserver(look);
  drawn.observe(document.body, { subtree: true, childList: true });
  // Ahead of all others, which listen further in or later. The same listener is added only once.
  window.addEventListener("keydown", press, true);
  window.addEventListener("click", click, true);
  return () => {
    drawn.disconnect();
    window.removeEventListener("keydown", press, true);
    window.removeEventListener("click", click, true);
  };
}
