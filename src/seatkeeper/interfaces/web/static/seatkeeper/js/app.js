// One small module per behaviour. Each binds itself to a data- attribute; the pages work without any of them.
import "./passkey.js";
import "./session.js";
import "./sheet.js";
import "./live.js";
import "./quantity.js";
import "./menu.js";
import "./once.js";
import "./picker.js";
import "./selection.js";
import "./first.js";
import "./refresh.js";
import "./print.js";
