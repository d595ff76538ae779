// „vor 5 Min.“ goes on while the page stands open; after midnight the day's words are read anew.

const STEP_MS = 60_000

/** As reports/templatetags/desk.py says it; "" from the second day on: that changes at midnight only. */
export function ageInWords(minutes, words) {
  if (minutes < 1) return words.age_now
  if (minutes < 60) return words.age_minutes.replace("{n}", minutes)
  return minutes < 24 * 60 ? words.age_hours.replace("{n}", Math.floor(minutes / 60)) : ""
}

/** Say how old each `<td class="age">` below root is; `nextDay` is called once a new day has begun. */
export class Ages {
  #timer
  #day = new Date().toDateString()

  constructor(root, words, nextDay) {
    this.#timer = setInterval(() => {
      const today = new Date().toDateString()
      if (today !== this.#day) nextDay()
      this.#day = today
      tick(root, words, Date.now())
    }, STEP_MS)
  }

  end() {
    clearInterval(this.#timer)
  }
}

export function tick(root, words, now) {
  for (const time of root.querySelectorAll("td.age > time")) {
    const said = ageInWords(Math.floor((now - Date.parse(time.dateTime)) / 60_000), words)
    if (said && said !== time.textContent) time.textContent = said
  }
}
