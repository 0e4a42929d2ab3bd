// Draws old values beside new ones; every text becomes a text node, nothing else.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const scrollable = (box, title) => {
  // A box that scrolls has to be within reach of the keyboard.
  if (box.scrollHeight > box.clientHeight + 2) {
    box.tabIndex = 0;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `${title}, scrolls`);
  }
};

const exactly = (text, title) => {
  const made = element("details", "exact");
  const box = element("div", "value raw", text);
  made.append(element("summary", "", title), box);
  made.addEventListener("toggle", () => scrollable(box, title));
  return made;
};

const value = (pieces, side, title, exact) => {
  const cell = element("td", side);
  const box = element("div", "value");
  const marked = side === "old" ? "del" : "ins";
  box.dir = "auto";
  for (const piece of pieces) box.append(element(piece.d ? marked : "span", "", piece.t));
  if (!pieces.length) box.append(element("em", "", "empty"));
  const whole = element("div", "whole");
  whole.append(box);
  if (exact) whole.append(exactly(exact, side === "old" ? "Exactly as in iCIMS" : "Exactly what is sent"));
  cell.append(element("span", "side", title), whole);
  requestAnimationFrame(() => scrollable(box, title));
  return cell;
};

const isShort = (pieces) => {
  const text = pieces.map((piece) => piece.t).join("");
  return text.length <= 28 && !text.includes("\n");
};

const row = (line, sides) => {
  const short = [line.old, line.new].every(isShort);
  const made = element("tr", short ? "short" : "");
  const what = element("th", "what", line.what);
  what.scope = "row";
  made.append(
    what,
    value(line.old, "old", sides[0], line.exactOld),
    value(line.new, "new", sides[1], line.exactNew),
  );
  return made;
};

export default function ({ data, parentElement }) {
  const table = element("table");
  const head = element("tr");
  for (const title of ["Field", ...data.sides]) {
    const cell = element("th", "", title);
    cell.scope = "col";
    head.append(cell);
  }
  const top = element("thead");
  const body = element("tbody");
  top.append(head);
  body.append(...data.lines.map((line) => row(line, data.sides)));
  table.append(top, body);
  parentElement.querySelector(".changes").replaceChildren(table);
}
