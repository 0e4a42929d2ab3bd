// Draws how scores spread, one button a bar. Pressing one tells where its step begins.

const element = (tag, className) => {
  const made = document.createElement(tag);
  made.className = className;
  return made;
};

const column = () => {
  const made = element("button", "step");
  made.type = "button";
  made.append(...["count", "bar", "label"].map((part) => element("span", part)));
  return made;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".spread");
  root.setAttribute("aria-label", data.name);
  // Kept from one run to the next: whoever is on a bar with the keyboard stays on it.
  while (root.children.length < data.steps.length) root.append(column());
  const most = Math.max(...data.steps.map((step) => step.count));
  data.steps.forEach((step, place) => {
    const made = root.children[place];
    const [count, bar, label] = made.children;
    count.textContent = step.count ? step.count.toLocaleString() : "";
    bar.style.setProperty("--share", step.count / most);
    label.textContent = step.label;
    made.title = step.words;
    made.disabled = !step.count && !step.pressed;
    made.classList.toggle("outside", !step.inside);
    made.setAttribute("aria-label", step.words);
    made.setAttribute("aria-pressed", String(step.pressed));
    made.onclick = () => setTriggerValue("chosen", step.low);
  });
}
