// Draws numbers that can be chosen. Pressing one tells its name.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tiles");
  const focused = parentElement.querySelector("button:focus")?.dataset.id;
  const tiles = data.tiles.map((tile) => {
    const made = element("button", "tile");
    made.type = "button";
    made.dataset.id = tile.id;
    made.disabled = !tile.count && !tile.pressed;
    made.setAttribute("aria-pressed", String(tile.pressed));
    made.append(
      element("span", "count", tile.count.toLocaleString()),
      element("span", "words", `${tile.sign} ${tile.words}`),
    );
    made.addEventListener("click", () => setTriggerValue("chosen", tile.id));
    return made;
  });
  root.replaceChildren(...tiles);
  if (focused) tiles.find((tile) => tile.dataset.id === focused)?.focus();
}
