// The report's page: a number to copy, a timeline that grows by itself, a small map, photos to look
// at, and what a reader can say.

import "#js/report/copy.js"
import "#js/report/live-report.js"
import "#js/report/remarks.js"
import "#js/report/share.js"
import "#js/report/small-map.js"
import "#js/report/viewer.js"
import "#js/report/voices.js"
