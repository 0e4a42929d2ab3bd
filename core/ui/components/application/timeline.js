// Draws what happened, day by day. Text reaches the page through textContent only.

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
};

const happening = (event) => {
  const item = element("li", "event");
  const sign = element("span", "sign", event.sign);
  sign.setAttribute("aria-hidden", "true");
  const said = element("div", "said");
  const head = element("p", "head");
  head.append(
    element("strong", "", event.what),
    element("span", "who", event.who),
  );
  said.append(head);
  if (event.detail) said.append(element("p", "detail", event.detail));
  const time = element("span", "time", event.time);
  if (event.row) {
    item.title = [`Row ${event.row} of the audit log`, event.references].filter(Boolean).join(": ");
  }
  item.append(time, sign, said);
  return item;
};

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".timeline");
  if (!root) return;
  root.replaceChildren(...data.days.map((day) => {
    const part = element("section", "");
    const list = element("ol", "events");
    list.append(...day.events.map(happening));
    part.append(element("p", "day", day.day), list);
    return part;
  }));
}
