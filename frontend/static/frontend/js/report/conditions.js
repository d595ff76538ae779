// Which questions are asked. Pure; the same rule as reports/catalogue/answers.py.

/** Whether each question that is named got one of the answers that are named with it. */
export function holds(condition, answers) {
  return Object.entries(condition).every(([code, wanted]) =>
    (answers.get(code) ?? []).some((answer) => wanted.includes(answer)),
  )
}
