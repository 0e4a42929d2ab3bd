// Draws a comparison sheet from data. Text reaches the page through textContent only.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const at = (part, sides) => {
  for (const [side, value] of Object.entries(sides)) part.style[side] = `${value}%`;
  return part;
};

const scale = ({ at: value, low, high }) => {
  const track = element("div", "track");
  track.setAttribute("aria-hidden", "true");
  track.append(
    at(element("span", "band"), { left: low, width: high - low }),
    at(element("span", "now"), { left: value }),
  );
  return track;
};

const person = (one, open) => {
  const cell = element("th", one.hidden ? "hidden" : "");
  cell.scope = "col";
  cell.append(element("p", "name", one.name));
  cell.append(element("p", "value", one.score ? one.score.words : one.without));
  if (one.score) cell.append(scale(one.score));
  const facts = element("p", "facts");
  if (one.required) facts.append(element("span", "", `${one.met} of ${one.required} must-haves`));
  if (one.stage) facts.append(element("span", "", one.stage));
  if (one.mine) facts.append(element("span", "", `My view: ${one.mine}`));
  const button = element("button", "open", "Open");
  button.type = "button";
  button.setAttribute("aria-label", `Open ${one.name}`);
  button.onclick = () => open(one.id);
  cell.append(facts, button);
  return cell;
};

const quoted = (cell) => {
  const quote = element("q", "quote", cell.short);
  quote.dir = "auto";
  if (cell.short === cell.quote && !cell.reason) return quote;
  const more = element("details");
  const full = element("q", "quote", cell.quote);
  full.dir = "auto";
  const head = element("summary");
  head.append(quote);
  more.append(head);
  if (cell.short !== cell.quote) more.append(full);
  if (cell.reason) more.append(element("p", "reason", cell.reason));
  return more;
};

const verdict = (cell) => {
  const made = element("td", cell.standing);
  const said = element("p", "said");
  if (cell.sign) said.append(element("span", "sign", cell.sign));
  said.append(element("span", "word", cell.word));
  made.append(said);
  if (cell.quote) made.append(quoted(cell));
  else if (cell.reason) made.append(element("p", "reason", cell.reason));
  return made;
};

const row = (line) => {
  const made = element("tr");
  const head = element("th", "criterion");
  head.scope = "row";
  head.append(element("span", "", line.label), element("span", "importance", line.importance));
  made.append(head, ...line.cells.map(verdict));
  return made;
};

const divider = (words, across) => {
  const made = element("tr", "divider");
  const cell = element("th", "", words);
  cell.colSpan = across;
  cell.scope = "colgroup";
  made.append(cell);
  return made;
};

const inShort = (bullets) => {
  const made = element("tr");
  const head = element("th", "criterion", "In short");
  head.scope = "row";
  made.append(head, ...bullets.map((lines) => {
    const cell = element("td");
    const list = element("ul");
    list.append(...lines.map((line) => element("li", "", line)));
    cell.append(list);
    return cell;
  }));
  return made;
};

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".comparison");
  if (!root) return;
  const table = element("table");
  const head = element("thead");
  const names = element("tr");
  names.append(element("td"));
  names.append(...data.people.map((one) => person(one, (id) => setTriggerValue("open", id))));
  head.append(names);
  const body = element("tbody");
  if (data.bullets.some((lines) => lines.length)) body.append(inShort(data.bullets));
  for (const group of data.groups) {
    body.append(divider(group.title, data.people.length + 1), ...group.lines.map(row));
  }
  table.append(head, body);
  root.replaceChildren(table);
}
