// Draws two versions of a text; every text becomes a text node, nothing else.

const SIGNS = { same: "", gone: "−", come: "+" };
const SPOKEN = { same: "", gone: "taken out: ", come: "put in: " };

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const cells = (cell) => {
  if (!cell) return [element("td", "n none"), element("td", "line none")];
  const number = element("td", `n ${cell.kind}`, String(cell.n));
  const line = element("td", `line ${cell.kind}`);
  const sign = element("span", "sign", SIGNS[cell.kind]);
  sign.setAttribute("aria-hidden", "true");
  line.append(sign, element("span", "spoken", SPOKEN[cell.kind]));
  const marked = cell.kind === "gone" ? "del" : "ins";
  for (const piece of cell.pieces) line.append(element(piece.d ? marked : "span", "", piece.t));
  return [number, line];
};

const gap = (count, columns) => {
  const made = element("td", "gap", `… ${count} unchanged ${count === 1 ? "line" : "lines"}`);
  made.colSpan = columns;
  return made;
};

const rowOf = (...parts) => {
  const made = element("tr");
  made.append(...parts);
  return made;
};

const beside = (rows) =>
  rows.map(([before, after]) =>
    before && before.kind === "gap"
      ? rowOf(gap(before.n, 4))
      : rowOf(...cells(before), ...cells(after)),
  );

const below = (rows) => {
  const made = [];
  let come = [];
  for (const [before, after] of rows) {
    const changed = !before || before.kind === "gone";
    if (!changed) made.push(...come.splice(0));
    if (before && before.kind === "gap") made.push(rowOf(gap(before.n, 2)));
    else if (before) made.push(rowOf(...cells(before)));
    if (changed && after) come.push(rowOf(...cells(after)));
  }
  return [...made, ...come];
};

export default function ({ data, parentElement }) {
  const table = element("table", data.beside ? "beside" : "below");
  const widths = element("colgroup");
  for (let column = 0; column < (data.beside ? 4 : 2); column += 1) {
    widths.append(element("col", column % 2 ? "" : "n"));
  }
  const head = element("tr");
  const titles = data.beside ? data.titles : [data.titles.join(" → ")];
  for (const title of titles) {
    const cell = element("th", "", title);
    cell.scope = "colgroup";
    cell.colSpan = 2;
    head.append(cell);
  }
  const top = element("thead");
  const body = element("tbody");
  top.append(head);
  body.append(...(data.beside ? beside(data.rows) : below(data.rows)));
  table.append(widths, top, body);
  parentElement.querySelector(".difference").replaceChildren(table);
}
