/* The release queue: Ctrl+Enter sends the form from wherever the cursor is. Each form goes once: whoever
   is quick presses again before the next report is here, and would overtake themselves. */
const form = document.querySelector("[data-review]")
let isSent = false

form?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return
  event.preventDefault()
  form.requestSubmit(form.querySelector('[value="zeigen"]'))
})

form?.addEventListener("submit", (event) => {
  if (isSent) event.preventDefault()
  else form.setAttribute("aria-busy", "true")
  isSent = true
})

addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return
  isSent = false
  form?.removeAttribute("aria-busy")
})
