// Every class of difference between kvali and @bufbuild/cel 0.6.1 that generated expressions have shown: when a difference
// belongs to it, and which line decides. "langdef" is cel-spec/doc/langdef.md of v0.25.1, "conformance" its tests.

const value = (answer) => JSON.stringify(answer.value ?? null)
const theirError = (text) => (expr, mine, theirs) => 'error' in theirs && text.test(theirs.error)
const ourError = (text) => (expr, mine) => 'error' in mine && text.test(mine.error)

export const classes = [
  {
    name: 'a map with a key that is a double',
    decides: 'langdef, Aggregate Values: key values must be int, uint, bool, or string; kvali refuses {1.5: 2}, the peer keeps the key',
    when: ourError(/^a map's keys are/),
  },
  {
    name: 'matches as a function',
    decides: 'langdef, List of Standard Definitions, matches: string.(string) and (string, string); the peer has only the first',
    when: (expr) => /(^|[^.])\bmatches\(/.test(expr),
  },
  {
    name: 'more arguments to format than its text asks for',
    decides: 'extensions/strings, format: an argument for each conversion; of others nothing is said, and no error is named. The peer refuses what is left over',
    when: theirError(/too many arguments for format/),
  },
  {
    name: 'a key of another type in a map',
    decides: 'langdef, in: true if the map has the key, false otherwise; keys of any type may be asked for. The peer finds no overload',
    when: (expr, mine, theirs) => / in /.test(expr) && 'error' in theirs && 'value' in mine,
  },
  {
    name: 'timestamp(int) in seconds',
    decides: 'langdef, int(timestamp): seconds since the Unix epoch, and conformance, block_ext, timestamp(1000000000): its reverse; the peer reads milliseconds',
    when: (expr) => /timestamp\((?!"[^"]*"\))/.test(expr),
  },
  {
    name: 'texts counted in characters',
    decides: 'langdef, String and Bytes Values: strings are sequences of Unicode code points; the peer counts UTF-16 units, and may cut a character in two',
    when: (expr) => /[\u{10000}-\u{10FFFF}]|\\U0001F600|\bs\b/u.test(expr) && /charAt|indexOf|lastIndexOf|substring|split|replace/i.test(expr),
  },
  {
    name: 'a double as text',
    decides: 'langdef, string(double): any text that reads back as the same double; kvali writes 9.2e+18, -0 and exponents of two digits as the Go implementation does, the peer all digits, 0 and e-7',
    when: (expr, mine, theirs) => /string\(|format\(|join\(/.test(expr) && /e[+-]\d|\d{17}/.test(value(mine) + value(theirs)) || /(string\(|%s|%e).*(1e300|E-7|-0\.0|740993\.0|5807\.0|\*|\/)/.test(expr),
  },
  {
    name: 'a duration as text',
    decides: 'extensions/strings, %s of durations: as the seconds written as a double, 1.5s; the peer pads the fraction to 3, 6 or 9 digits',
    when: (expr, mine, theirs) => /string\(|format\(/.test(expr) && /while_|duration|timestamp|moment/.test(expr),
  },
  {
    name: 'double(string) of a text that is no number',
    decides: 'langdef, double(string): an error when the text is no number; the peer gives NaN, or 0 for blanks',
    when: ourError(/ is no double$/),
  },
  {
    name: 'times before the calendar of today began',
    decides: 'timestamp.proto: years 0001 to 9999 of the proleptic Gregorian calendar; the peer takes the first hundred years for 1900 and more, or the Julian calendar',
    when: (expr) => /0001-01-01|9999-12-31/.test(expr) && /\.get/.test(expr),
  },
  {
    name: 'bytes that are no UTF-8 as text',
    decides: 'extensions/strings, %s of bytes: adjacent invalid sequences are replaced by a single U+FFFD; the peer puts one for each',
    when: (expr) => /%s.*format/.test(expr) && /\braw\b|xff/.test(expr),
  },
  {
    name: 'large uints divided',
    decides: 'langdef, Overflow: only a result outside of the 64 bits is an error; the peer measures a quotient of uints by the range of int',
    when: theirError(/int overflow during (divide|modulo)/),
  },
  {
    name: 'nanoseconds of a time',
    decides: 'timestamp.proto: whole nanoseconds count from the second on; the peer rounds to milliseconds first, so that 23:59:59.999999999 is the next day',
    when: (expr) => /999999999|1ns|775807/.test(expr) && /\.get/.test(expr),
  },
  {
    name: 'the hour after midnight in a named zone',
    decides: 'langdef, getHours and others: 0 to 23 of the date in the zone; the peer takes 00:59 for 24:59 of that date, which is the next',
    when: (expr) => /\.get\w+\("[A-Z]/.test(expr),
  },
  {
    name: 'an empty text replaced, or a negative number of times',
    decides: 'extensions/strings, replace: a negative limit replaces all, and an empty text stands before every character, as in the Go implementation; the peer replaces nothing',
    when: (expr, mine, theirs) => /\.replace\(/.test(expr) && 'value' in mine && 'value' in theirs,
  },
  {
    name: 'has() of what has no fields',
    decides: 'langdef, Field Selection: has(e.f) is an error where e is neither a map nor a message; the peer says false',
    when: ourError(/has no field/),
  },
  {
    name: 'int(duration)',
    decides: 'langdef, List of Standard Definitions, int: of int, uint, double, string, timestamp; the peer has one of durations',
    when: ourError(/int\(google\.protobuf\.Duration\)/),
  },
  {
    name: 'a search that begins at the end of a text',
    decides: 'conformance, string_ext/last_index_of: an empty text is found where the search begins; the peer finds the position out of bounds',
    when: theirError(/^index \d+ out of bounds|out of bounds \[/),
  },
  {
    name: 'whole numbers in %e and %f',
    decides: 'extensions/strings, %f and %e: of int, uint and double; the peer takes doubles only',
    when: theirError(/(scientific|fixed-point) clause can only be used on doubles/),
  },
  {
    name: 'int(string) and uint(string) of a text that is no number',
    decides: 'langdef, int(string): an error when the text is no number; the peer takes blanks for 0, and reads 0x10',
    when: ourError(/ is no u?int$/),
  },
  {
    name: 'a list indexed by bool',
    decides: 'langdef, List of Standard Definitions, _[_]: of a list by int, and by whole numbers of other kinds; the peer takes true for 1',
    when: ourError(/^a list is indexed by int/),
  },
  {
    name: 'a list indexed by a fraction',
    decides: 'langdef, Logical Operators: true on one side of || absorbs an error on the other; the peer throws at list[2.5]',
    when: theirError(/unsupported input undefined/),
  },
  {
    name: 'an error as the key of a map',
    decides: 'langdef, Evaluation: an argument that is an error makes the whole an error of that kind; the peer finds its own error of format as a key',
    when: theirError(/^unsupported key type/),
  },
  {
    name: 'the same number twice as a key',
    decides: 'langdef, Aggregate Values: it is an error to have duplicate keys, and 63 == 63u; the peer keeps both',
    when: ourError(/stands twice in one map$/),
  },
  {
    name: 'a value negated twice',
    decides: 'langdef, Overflow and _-_: -(-x) negates twice, which fails for the smallest int and for what is no number; the peer strikes both signs out',
    when: (expr, mine) => /-\(?-/.test(expr) && 'error' in mine,
  },
  {
    name: 'a key whose value is null',
    decides: 'langdef, in: the key is asked for, not its value; the peer does not find true in {true: null}',
    when: (expr) => / in .*\{true: (null|nothing)\}/.test(expr),
  },
  {
    name: 'the order of keys in a text',
    decides: 'extensions/strings, %s of maps: sorted by the formatted keys, and langdef, String and Bytes Values: texts are ordered by the value of their code points; the peer sorts by a language',
    when: (expr, mine, theirs) => /format\(/.test(expr) && /😀: false/.test(value(mine)) && /\{😀: false/.test(value(theirs)),
  },
]
