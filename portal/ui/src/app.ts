// Small helps on top of pages that work without any of this.
import { copyOnPress } from "./copy";
import { guardDoubleSubmit } from "./double-submit";
import { focusErrorSummary } from "./error-summary";
import { listenForExit } from "./exit";
import { workOnProof } from "./proof";
import { watchTheEnd } from "./staying";

focusErrorSummary(document);
guardDoubleSubmit(document);
listenForExit(document, window);
copyOnPress(document);
workOnProof(document);
watchTheEnd(document, window);
