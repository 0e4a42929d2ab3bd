// Draws the reader from data. Text reaches the page through textContent only.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const button = (className, text) => {
  const made = element("button", className, text);
  made.type = "button";
  return made;
};

const page = (segments, standings) => {
  const text = element("div", "text");
  text.dir = "auto";
  for (const segment of segments) {
    if (!segment.c.length && !segment.f.length) {
      text.append(document.createTextNode(segment.t));
      continue;
    }
    const mark = element(segment.c.length ? "mark" : "span", "", segment.t);
    mark.dataset.criteria = segment.c.join("\u0000");
    if (segment.c.length) mark.classList.add(standings.get(segment.c[0]) ?? "met");
    if (segment.f.length) {
      mark.classList.add("flagged");
      mark.title = segment.f.join(", ");
    }
    text.append(mark);
  }
  return text;
};

const verdictRow = (verdict, most) => {
  const row = button(`verdict ${verdict.standing}`);
  row.dataset.id = verdict.id;
  row.setAttribute("aria-pressed", "false");
  const head = element("span", "head");
  head.append(
    element("span", "sign", verdict.sign),
    element("span", "label", verdict.label),
    element("span", "points", verdict.standing === "no_data"
      ? "not counted" : `${verdict.points} of ${verdict.possible}`),
  );
  const bar = element("span", "bar");
  bar.style.setProperty("--weight", most ? verdict.possible / most : 0);
  bar.style.setProperty("--share", verdict.possible ? verdict.points / verdict.possible : 0);
  const facts = element("span", "facts");
  facts.append(
    element("span", "word", verdict.word),
    element("span", "", verdict.importance),
    element("span", "", verdict.kind),
  );
  row.append(head, bar, facts);
  if (verdict.reason) row.append(element("span", "reason", verdict.reason));
  for (const quote of verdict.quotes) {
    const shown = element("q", "quote", quote);
    shown.dir = "auto";
    row.append(shown);
  }
  return row;
};

const sumLine = (data) => {
  const line = element("p", "sum");
  line.append(element("span", "", "Sum"), element("strong", "", data.total));
  return line;
};

const documentPane = (data, standings) => {
  const pane = element("section", "pane paper");
  pane.setAttribute("aria-label", "Resume");
  const bar = element("div", "tools");
  bar.append(element("span", "name", data.document?.name ?? "Resume"));
  pane.append(bar);
  if (!data.document) {
    pane.append(element("p", "missing", data.problem));
    return pane;
  }
  const own = page(data.document.own, standings);
  pane.append(own);
  if (data.document.model.length) {
    const model = page(data.document.model, standings);
    model.hidden = true;
    const toggle = button("toggle", "As the model saw it");
    toggle.setAttribute("aria-pressed", "false");
    toggle.onclick = () => {
      model.hidden = !model.hidden;
      own.hidden = !model.hidden;
      toggle.setAttribute("aria-pressed", String(!model.hidden));
    };
    bar.append(toggle);
    pane.append(model);
  }
  return pane;
};

const verdictPane = (data) => {
  const pane = element("section", "pane verdicts");
  pane.setAttribute("aria-label", "Criteria and what the resume shows");
  const most = Math.max(0, ...data.verdicts.map((verdict) => verdict.possible));
  for (const verdict of data.verdicts) pane.append(verdictRow(verdict, most));
  if (data.total) pane.append(sumLine(data));
  return pane;
};

const light = (root, id) => {
  for (const mark of root.querySelectorAll("mark")) {
    const lit = id !== null && mark.dataset.criteria.split("\u0000").includes(id);
    mark.classList.toggle("lit", lit);
    mark.classList.toggle("dim", id !== null && !lit);
  }
};

const into = (pane, target) => {
  if (!pane || !target) return;
  const shift = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollBy({ top: shift - pane.clientHeight / 3, behavior: "smooth" });
};

const connect = (root) => {
  let chosen = null;
  const paper = root.querySelector(".paper");
  const list = root.querySelector(".verdicts");
  const choose = (id) => {
    chosen = chosen === id ? null : id;
    for (const row of root.querySelectorAll(".verdict")) {
      row.setAttribute("aria-pressed", String(row.dataset.id === chosen));
    }
    light(root, chosen);
    if (chosen !== null) into(paper, root.querySelector(".text:not([hidden]) mark.lit"));
  };
  for (const row of root.querySelectorAll(".verdict")) {
    row.onmouseenter = () => light(root, row.dataset.id);
    row.onmouseleave = () => light(root, chosen);
    row.onclick = () => choose(row.dataset.id);
  }
  for (const mark of root.querySelectorAll("mark")) {
    mark.onclick = () => {
      const id = mark.dataset.criteria.split("\u0000")[0];
      if (chosen !== id) choose(id);
      into(list, root.querySelector(`.verdict[data-id="${CSS.escape(id)}"]`));
    };
  }
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".reader");
  const drawn = JSON.stringify(data);
  // A re-run with the same data must not lose what the reader chose or scrolled to.
  if (!root || root.dataset.drawn === drawn) return;
  root.dataset.drawn = drawn;
  const standings = new Map(data.verdicts.map((verdict) => [verdict.id, verdict.standing]));
  root.replaceChildren(documentPane(data, standings), verdictPane(data));
  root.classList.toggle("alone", data.verdicts.length === 0);
  connect(root);
}
