// The report's page: a number to copy, and a timeline that grows by itself.

import "#js/report/copy.js"
import "#js/report/live-report.js"
