// Draws counts as one bar with a legend.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".shares");
  const bar = element("div", "bar");
  const legend = element("div", "legend");
  for (const part of data.parts) {
    const piece = element("div", `part ${part.kind}`);
    piece.style.flex = `${part.count} 0 0`;
    bar.append(piece);
    const entry = element("span", "entry");
    entry.append(
      element("span", `mark ${part.kind}`),
      element("strong", "", part.count.toLocaleString()),
      element("span", "", part.words),
    );
    legend.append(entry);
  }
  bar.setAttribute("aria-hidden", "true");
  const nobody = element("span", "none", "No applications yet");
  root.replaceChildren(...(data.parts.length ? [bar, legend] : [nobody]));
}
