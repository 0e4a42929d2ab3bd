// Draws rows of a name, a bar and words that say what the bar shows.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const legend = (entries) => {
  const made = element("div", "legend");
  for (const entry of entries) {
    const item = element("span", "entry");
    item.append(element("span", `mark ${entry.kind}`), element("span", "", entry.words));
    made.append(item);
  }
  made.setAttribute("aria-hidden", "true");
  return made;
};

const line = (row) => {
  const made = element("li", "row");
  const head = element("div", "head");
  head.append(element("span", "label", row.label), element("span", "words", row.words));
  const track = element("div", "track");
  track.setAttribute("aria-hidden", "true");
  for (const part of row.parts) {
    const piece = element("div", `part ${part.kind}`);
    piece.style.flex = `0 1 ${part.share * 100}%`;
    track.append(piece);
  }
  made.append(head, track);
  for (const note of row.notes) made.append(element("div", "note", note));
  return made;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".meters");
  const list = element("ul", "");
  list.setAttribute("aria-label", data.name);
  list.append(...data.rows.map(line));
  root.replaceChildren(...(data.legend.length ? [legend(data.legend), list] : [list]));
}
