"""Log lines with levels."""

from rungwise.catalogue import Practice
from rungwise.clues import CSHARP, ELIXIR, GO, JAVASCRIPT, JVM, PHP, PYTHON, RUBY, RUST, Language, at_least, code, either, file
from rungwise.model import Effort, Kind, Observable, Role, Stage

IN_THE_BROWSER = (
    "*.vue",
    "*.svelte",
    "*.jsx",
    "**/{public,static,assets,webapp,frontend,client,components,hooks}/**",
    "**/app/javascript/**",
    "**/resources/js/**",
)
HELPERS = ("**/{script,scripts}/**", "*{[hH]arness,[tT]est[hH]elper,[tT]est-helper,[tT]estUtil}*")
"""What the team runs by hand tells whoever ran it; in other languages a logger is no habit of such programs."""
LEVELED = either(
    code(
        r"(?i)\b_?(logger|log|logging|getLogger\(\w*\)|app\.logger)\.(debug|info|warning|warn|error|exception|critical)\(",
        PYTHON,
        example="logger.warning(message)",
    ),
    code(
        r"\b(slog|k?log|[lL]ogger|glog|zlog|logrus|logging|[sS]ugar|zap\.[LS]\(\))(\(\))?\.(Trace|Debug|Info|Warn|Warning"
        r"|Error|Fatal)"
        r"(f|w|ln|Context|S)?\(",
        GO,
        example='slog.Info("started", "port", port)',
    ),
    code(
        r"\bstdlog\.|\.With(Fields?|Error)\([^\n]*\)\.(Debug|Info|Warn|Error)f?\(",
        GO,
        example='logrus.WithField("id", id).Info("done")',
    ),
    code(
        r"(?i)\b_?(log|logger)(\(\))?\.(trace|debug|info|warn|warning|error|severe|fine"
        r"|at(Trace|Debug|Info|Warn|Error))\s*(\(|\{)"
        r"|\b(Timber|Log)\.(d|i|w|e)\(",
        JVM,
        example='logger.info("Saved {}", id)',
    ),
    code(r"\b(logger|log)\.(debug|info|warn|error|fatal)\b", RUBY, example='Rails.logger.info "done"'),
    code(
        r"\bLog::(emergency|alert|critical|error|warning|notice|info|debug)\(|(\blogger\(\)|[lL]ogger(\(\))?|\$this->log|\$log)"
        r"->(emergency|alert|critical|error|warning|notice|info|debug)\(",
        PHP,
        example="Log::warning('slow');",
    ),
    code(r"\b(trace|debug|info|warn|error)!\(", RUST, example='info!("started");'),
    code(
        r"(?i)log(ger)?\w*\.Log(Trace|Debug|Information|Warning|Error|Critical)\(|\bLoggerMessage\("
        r"|\b_?log(ger)?\.(Verbose|Debug|Info|Information|Warn|Warning|Error|Fatal)\(",
        CSHARP,
        example='_logger.LogInformation("Order {Id}", id);',
    ),
    code(r"\bLogger\.(debug|info|notice|warning|warn|error|critical)\b", ELIXIR, example='Logger.info("started")'),
    code(
        r"\b(console|[lL]ogger|log|pino|winston|LOG|logging)\.(trace|debug|info|warn|error|fatal)\(",
        JAVASCRIPT,
        example="logger.warn({ orderId })",
        but_not=(*IN_THE_BROWSER, *HELPERS),
    ),
    code(
        r"\b[lL]og(ger)?\.(trace|debug|info|notice|warning|error|critical)\(", (Language.SWIFT,), example='logger.error("failed")'
    ),
)
PRINTED = either(
    code(r"\bprint\(", PYTHON, example="print(total)"),
    code(r"\bconsole\.(log|debug|info|warn|error)\(", JAVASCRIPT, example="console.log(total)"),
    code(r"\bfmt\.Print(f|ln)?\(|\blog\.Print(f|ln)?\(", GO, example="fmt.Println(total)"),
    code(r"\bSystem\.(out|err)\.print", JVM, example="System.out.println(total);"),
    code(r"\bConsole\.Write(Line)?\(", CSHARP, example="Console.WriteLine(total);"),
    code(r"\berror_log\(", PHP, example="error_log($message);"),
)
SET_UP = file(
    "config/logging.php",
    "**/src/main/resources/{logback,log4j2}*.{xml,yaml,properties}",
    "logging.{conf,ini,yaml,yml,json}",
    "[nN][lL]og.config",
    "log4rs.{yml,yaml}",
)

PRACTICE = Practice(
    id="leveled-logging",
    stage=Stage.PROTOTYPING,
    title="The code logs freely, with levels",
    why="A line with a level is the cheapest view into a running program, and noise can be filtered instead of deleted.",
    advice=(
        "Use the framework's logger and not print: logging.getLogger(__name__), pino, log/slog, Rails.logger, ILogger.",
        "On Convex, choose between console.debug, info, warn and error, so that the dashboard can filter.",
        "Let an environment variable such as LOG_LEVEL decide how much is written.",
    ),
    looked_for="log calls with a level in at least two source files",
    role=Role.CORE,
    effort=Effort.SMALL,
    impact=3,
    observable=Observable.YES,
    applies=(Kind.APP, Kind.SELF, Kind.CLI, Kind.MOB, Kind.DATA),
    not_for="A library logs through its host, and a site without a server has the browser's console.",
    guide="https://stack.convex.dev/yolo-fast-mvp",
    present=(at_least(2, LEVELED),),
    partial=(LEVELED, SET_UP, PRINTED),
)
