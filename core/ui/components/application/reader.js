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

const MODES = [["text", "Text"], ["page", "Original page"], ["model", "As the model saw it"]];

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

const changed = (before, verdict) => {
  const line = element("span", "changed");
  const was = element("s", "", `${before.sign} ${before.word}`);
  was.setAttribute("aria-label", `The copilot said: ${before.word}`);
  line.append(was, document.createTextNode(
    ` → ${verdict.sign} ${verdict.word}, ${before.who}: ${before.why}`));
  return line;
};

const verdictRow = (verdict, most, mayChange) => {
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
  if (verdict.before) row.append(changed(verdict.before, verdict));
  if (verdict.reason) row.append(element("span", "reason", verdict.reason));
  for (const quote of verdict.quotes) {
    const shown = element("q", "quote", quote);
    shown.dir = "auto";
    row.append(shown);
  }
  const line = element("div", "line");
  line.append(row);
  if (mayChange) {
    const change = button("change", "✎ Change");
    change.setAttribute("aria-label", `Change the verdict on ${verdict.label}`);
    change.dataset.change = verdict.id;
    line.append(change);
  }
  return line;
};

const sumLine = (data) => {
  const line = element("p", "sum");
  line.append(element("span", "", "Sum"), element("strong", "", data.total));
  return line;
};

const modeSwitch = (data) => {
  const offered = MODES.filter(([mode]) => mode === "text"
    || (mode === "page" && data.document.pages > 0)
    || (mode === "model" && data.document.model.length > 0));
  const group = element("div", "modes");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Show the resume as");
  if (offered.length < 2) return group;
  for (const [mode, words] of offered) {
    const choice = button("toggle", words);
    choice.dataset.mode = mode;
    group.append(choice);
  }
  return group;
};

const documentPane = (data, standings) => {
  const pane = element("section", "pane paper");
  pane.setAttribute("aria-label", "Resume");
  pane.tabIndex = 0;
  const bar = element("div", "tools");
  bar.append(element("span", "name", data.document?.name ?? "Resume"));
  pane.append(bar);
  if (!data.document) {
    pane.append(element("p", "missing", data.problem));
    return pane;
  }
  bar.append(modeSwitch(data));
  const note = element("p", "note");
  note.setAttribute("role", "status");
  note.hidden = true;
  const own = page(data.document.own, standings);
  own.dataset.shows = "text";
  const sheet = element("div", "sheet");
  sheet.dataset.shows = "page";
  pane.append(note, own, sheet);
  if (data.document.model.length) {
    const model = page(data.document.model, standings);
    model.dataset.shows = "model";
    pane.append(model);
  }
  return pane;
};

const verdictPane = (data) => {
  const pane = element("section", "pane verdicts");
  pane.setAttribute("aria-label", "Criteria and what the resume shows");
  pane.tabIndex = 0;
  const most = Math.max(0, ...data.verdicts.map((verdict) => verdict.possible));
  for (const verdict of data.verdicts) pane.append(verdictRow(verdict, most, data.may_change));
  if (data.total) pane.append(sumLine(data));
  return pane;
};

const names = (marked) => (marked.dataset.criteria ?? "").split("\u0000");

const into = (pane, target) => {
  if (!pane || !target) return;
  const shift = target.getBoundingClientRect().top - pane.getBoundingClientRect().top;
  pane.scrollBy({ top: shift - pane.clientHeight / 3, behavior: "smooth" });
};

// One reader on the screen: what is drawn, what is chosen, and whom to tell.
class Reader {
  constructor(root) {
    this.root = root;
    this.chosen = null;
    this.mode = "text";
  }

  find(what) { return this.root.querySelector(what); }
  all(what) { return this.root.querySelectorAll(what); }

  draw(data) {
    this.standings = new Map(data.verdicts.map((verdict) => [verdict.id, verdict.standing]));
    const places = [...this.all(".pane")].map((pane) => pane.scrollTop);
    this.root.replaceChildren(documentPane(data, this.standings), verdictPane(data));
    this.root.classList.toggle("alone", data.verdicts.length === 0);
    this.all(".pane").forEach((pane, n) => { pane.scrollTop = places[n] ?? 0; });
    this.listen();
    this.press();
  }

  listen() {
    for (const row of this.all(".verdict")) {
      row.onmouseenter = () => this.light(row.dataset.id);
      row.onmouseleave = () => this.light(this.chosen);
      row.onclick = () => this.choose(row.dataset.id);
    }
    for (const change of this.all(".change")) {
      change.onclick = () => this.tell("change", change.dataset.change);
    }
    for (const mark of this.all("mark")) mark.onclick = () => this.follow(names(mark)[0]);
    for (const choice of this.all("[data-mode]")) {
      choice.onclick = () => {
        this.show(choice.dataset.mode);
        this.tell("mode", choice.dataset.mode);
      };
    }
  }

  follow(id) {
    if (this.chosen !== id) this.choose(id);
    into(this.find(".verdicts"), this.find(`.verdict[data-id="${CSS.escape(id)}"]`));
  }

  choose(id) {
    this.chosen = this.chosen === id ? null : id;
    this.press();
    this.reveal();
  }

  press() {
    for (const row of this.all(".verdict")) {
      row.setAttribute("aria-pressed", String(row.dataset.id === this.chosen));
    }
    this.light(this.chosen);
  }

  light(id) {
    for (const mark of this.all("mark, .box")) {
      const lit = id !== null && names(mark).includes(id);
      mark.classList.toggle("lit", lit);
      mark.classList.toggle("dim", id !== null && !lit);
    }
  }

  // Brings what is chosen into sight, on another page if it stands there.
  reveal() {
    this.note("");
    if (this.chosen === null) return;
    const paper = this.find(".paper");
    if (this.mode !== "page" || !this.sheet?.picture) {
      into(paper, this.find(".text:not([hidden]) mark.lit"));
      return;
    }
    const there = this.sheet.first[this.chosen];
    if (this.find(".box.lit")) into(paper, this.find(".box.lit"));
    else if (this.sheet.missing.includes(this.chosen)) {
      this.note("The quote could not be located on this page. It is lit in the text.");
    } else if (there && there !== this.sheet.number) this.tell("page", there);
  }

  note(words) {
    const note = this.find(".note");
    if (!note) return;
    note.textContent = words;
    note.hidden = !words;
  }

  show(mode) {
    const known = this.find(`[data-shows="${mode}"]`) !== null;
    const offered = mode === "text" || this.find(`[data-mode="${mode}"]`) !== null;
    this.mode = known && offered ? mode : "text";
    const unseen = this.mode === "page" && this.sheet?.problem;
    for (const part of this.all("[data-shows]")) {
      part.hidden = part.dataset.shows !== (unseen ? "text" : this.mode);
    }
    for (const choice of this.all("[data-mode]")) {
      choice.setAttribute("aria-pressed", String(choice.dataset.mode === this.mode));
    }
    this.note(unseen ? this.sheet.problem : "");
    if (this.mode === "page" && !this.sheet) this.wait();
  }

  wait() {
    this.find(".sheet")?.replaceChildren(element("p", "missing", "Drawing the page …"));
  }

  // Draws an original page as it came from the server; its marks are boxes over a picture.
  draw_sheet(sheet) {
    this.sheet = sheet;
    const place = this.find(".sheet");
    if (!place || !sheet?.picture) return;
    const figure = element("div", "figure");
    const picture = element("img");
    picture.src = sheet.picture;
    picture.alt = `Page ${sheet.number} of ${sheet.count} as the candidate laid it out`;
    figure.append(picture, ...sheet.marks.map((mark) => this.box(mark)));
    place.replaceChildren(...(sheet.count > 1 ? [this.turns(sheet)] : []), figure);
  }

  box(mark) {
    const box = element("span", `box ${this.standings.get(mark.id) ?? "met"}`);
    box.dataset.criteria = mark.id;
    ["left", "top", "width", "height"].forEach((side, n) => {
      box.style.setProperty(side, `${mark.box[n] * 100}%`);
    });
    box.onclick = () => this.follow(mark.id);
    return box;
  }

  turns(sheet) {
    const bar = element("div", "turns");
    const turn = (words, label, to) => {
      const made = button("toggle", words);
      made.setAttribute("aria-label", label);
      made.disabled = to < 1 || to > sheet.count;
      made.onclick = () => this.tell("page", to);
      return made;
    };
    bar.append(
      turn("‹", "The page before", sheet.number - 1),
      element("span", "", `Page ${sheet.number} of ${sheet.count}`),
      turn("›", "The next page", sheet.number + 1),
    );
    return bar;
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".reader");
  if (!root) return;
  const reader = (root.reader ??= new Reader(root));
  reader.tell = setTriggerValue;
  const { mode, page: sheet, ...text } = data;
  // A re-run with the same data must not lose what the reader chose or scrolled to.
  const drawn = JSON.stringify(text);
  const pageDrawn = drawn + JSON.stringify(sheet);
  if (reader.pageDrawn === pageDrawn && reader.asked === mode) return;
  const another = reader.sheet?.number !== sheet?.number;
  if (reader.drawn !== drawn) reader.draw(text);
  reader.draw_sheet(sheet);
  Object.assign(reader, { drawn, pageDrawn, asked: mode });
  reader.show(mode);
  reader.light(reader.chosen);
  if (another) reader.reveal();
}
