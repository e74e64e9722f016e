// The desk with JavaScript: open pages stay true by themselves. Every page works without it.
"use strict";
