// Draws a score on its scale from data; what people changed stands beside what it was.

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

const scale = (data) => {
  const track = element("div", "track");
  track.setAttribute("aria-hidden", "true");
  const { score, before } = data;
  track.append(at(element("span", "band"), { left: score.low, width: score.high - score.low }));
  if (before) track.append(at(element("span", "was"), { left: before.at }));
  track.append(at(element("span", "now"), { left: score.at }));
  return track;
};

const number = (data) => {
  const part = element("div", "number");
  part.title = data.band;
  const line = element("p", "line");
  line.append(
    element("span", "name", "Score"),
    element("strong", "value", data.score ? data.score.words : "Not graded"),
  );
  if (data.before) line.append(element("span", "before", `copilot ${data.before.words}`));
  part.append(line);
  if (data.score) part.append(scale(data));
  return part;
};

const mustHaves = (data) => {
  const value = element("dd");
  const dots = element("span", "dots", "●".repeat(data.met) + "○".repeat(data.required - data.met));
  dots.setAttribute("aria-hidden", "true");
  value.append(dots, element("span", "", ` ${data.met} of ${data.required}`));
  return [element("dt", "", "Must-haves met"), value];
};

const fact = ({ name, value, help }) => {
  const title = element("dt", "", name);
  title.title = help;
  return [title, element("dd", "", value)];
};

const group = (parts) => {
  const made = element("div", "fact");
  made.append(...parts);
  return made;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".panel");
  if (!root) return;
  const facts = element("dl", "facts");
  if (data.required) facts.append(group(mustHaves(data)));
  facts.append(...data.facts.map((one) => group(fact(one))));
  root.replaceChildren(number(data), facts);
}
