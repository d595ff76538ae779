// The page that stands in for others: back to the wanted one as soon as there is a network.

document.querySelector("[data-again]").addEventListener("click", (event) => {
  event.preventDefault()
  location.reload()
})
addEventListener("online", () => location.reload())
