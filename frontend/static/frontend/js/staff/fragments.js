// Asks the server for a piece of the page. A piece is the server's own template: it is put in place,
// never glued together here.

/** `{status, url, content}`: an element that holds the piece, or null unless it is HTML. */
export async function fetchPiece(url, options = {}) {
  const response = await fetch(url, {
    ...options,
    headers: { "X-Fragment": "1" },
    credentials: "same-origin",
  })
  const isPage = response.headers.get("content-type")?.startsWith("text/html")
  return { status: response.status, url: response.url, content: isPage ? parsed(await response.text()) : null }
}

function parsed(html) {
  const box = document.createElement("template")
  box.innerHTML = html
  return box.content
}
