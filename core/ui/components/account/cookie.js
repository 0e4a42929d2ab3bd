// Brings a ticket to the server, which answers with the cookie; asks nothing of the page.

export default function ({ data }) {
  if (!data.method) return;
  fetch(data.address, {
    method: data.method,
    body: data.method === "POST" ? data.ticket : undefined,
    headers: { "Content-Type": "application/json" },
    credentials: "same-origin",
  }).catch(() => {});
}
