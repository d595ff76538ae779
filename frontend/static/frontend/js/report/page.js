// The report's page: a number to copy, a timeline that grows by itself, a small map.

import "#js/report/copy.js"
import "#js/report/live-report.js"
import "#js/report/small-map.js"
