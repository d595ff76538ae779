// Walking through the list's rows: one of them is a stop for Tab, arrows and keys go on from there.

/**
 * The rows of the desk's list, whatever piece of the page stands there. The link in a row's head carries its focus;
 * to the left of it is the row's box. Both of one row are stops for Tab, so that the list is two stops, not a hundred.
 */
export class RowsWalk {
  #desk
  #last = "" // the code of the row that had the focus last

  constructor(desk) {
    this.#desk = desk
    desk.addEventListener("focusin", ({ target }) => this.#remember(target))
    desk.addEventListener("keydown", (event) => this.#arrow(event))
    new MutationObserver(() => this.#rove()).observe(desk, { childList: true, subtree: true })
    desk.querySelector(".desk-table")?.setAttribute("role", "grid")
    this.#rove()
  }

  get rows() {
    return [...this.#desk.querySelectorAll(".desk-table tr[data-code]")]
  }

  row(code) {
    return this.rows.find((row) => row.dataset.code === code)
  }

  /** Where the focus is, or was; the open report's; none of them: null. */
  get current() {
    const focused = document.activeElement?.closest?.("tr[data-code]")
    return focused ?? this.row(this.#last) ?? this.rows.find((row) => row.hasAttribute("aria-current")) ?? null
  }

  /** Whether the list stands on the page, and not the report alone. */
  get isShown() {
    return this.#desk.querySelector(".desk-list").offsetParent !== null
  }

  /** The row after (1) or before (-1) that of the open report. */
  beside(way) {
    const { rows } = this
    const at = rows.findIndex((row) => row.hasAttribute("aria-current"))
    return at < 0 ? null : (rows[at + way] ?? null)
  }

  get hasFocus() {
    return Boolean(document.activeElement?.closest?.("tr[data-code]"))
  }

  /** One further (1) or back (-1), or to the first. */
  step(way) {
    const { rows, current } = this
    const next = current ? rows[rows.indexOf(current) + way] : rows[0]
    if (next) this.focus(next)
    return next ?? null
  }

  focus(row) {
    if (row) describe(row)
    head(row)?.focus()
    row?.scrollIntoView({ block: "nearest" })
  }

  /** What comes after this row, or before it where it is the last. */
  after(row) {
    const { rows } = this
    const at = rows.indexOf(row)
    return rows[at + 1] ?? rows[at - 1] ?? null
  }

  box(row) {
    return row?.querySelector("input[type=checkbox]") ?? null
  }

  #remember(target) {
    const row = target.closest("tr[data-code]")
    if (!row) return
    this.#last = row.dataset.code
    this.#rove()
  }

  #rove() {
    const { rows } = this
    const stop = this.row(this.#last) ?? rows.find((row) => row.hasAttribute("aria-current")) ?? rows[0]
    for (const row of rows) {
      head(row).tabIndex = row === stop ? 0 : -1
      const box = this.box(row)
      if (box) box.tabIndex = head(row).tabIndex
    }
    if (stop) describe(stop)
  }

  #arrow(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return
    const row = event.target.closest("tr[data-code]")
    const [link, box] = [head(row), this.box(row)]
    if (!row || (event.target !== link && event.target !== box)) return
    const { rows } = this
    const steps = {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      ArrowLeft: () => box?.focus(),
      ArrowRight: () => link.focus(),
      Home: () => this.focus(rows[0]),
      End: () => this.focus(rows.at(-1)),
    }
    if (!steps[event.key]) return
    event.preventDefault()
    steps[event.key]()
  }
}

const head = (row) => row?.querySelector("th a") ?? null

/** Who comes to a row by a key hears more than its number: what and where, status, deadline. */
function describe(row) {
  const cells = ["what", "state", "due"].map((name) => row.querySelector(`.${name}`)).filter(Boolean)
  for (const cell of cells) cell.id = `${row.id}-${cell.className}`
  head(row).setAttribute("aria-describedby", cells.map(({ id }) => id).join(" "))
}
