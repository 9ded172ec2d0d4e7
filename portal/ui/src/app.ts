// Small helps on top of pages that work without any of this.
import { guardDoubleSubmit } from "./double-submit";
import { focusErrorSummary } from "./error-summary";
import { listenForExit } from "./exit";

focusErrorSummary(document);
guardDoubleSubmit(document);
listenForExit(document, window);
