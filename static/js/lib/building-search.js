// Find a building by its name however it is typed: 脑科巷5栋, ５栋, 五号楼, "Naoke Alley, Block 5".

const DIGITS = "零一二三四五六七八九";
const NUMERAL = "[零〇一二两三四五六七八九十百]+";
const BLOCK = "(?:号楼|號樓|栋|棟|幢|座|号)";
const NUMBERED = new RegExp(`${NUMERAL}(?=\\s*${BLOCK})`, "g");
const ONLY_NUMERAL = new RegExp(`^${NUMERAL}$`);
// What stands inside a block is not in its name.
const INSIDE = /\s*(?:\d+|[零〇一二两三四五六七八九十百]+)\s*(?:单元|單元).*$/u;
const BLOCK_WORDS = new RegExp(`(\\d|[a-z]|[甲乙丙丁戊己庚辛])\\s*${BLOCK}`, "gu");
const ENGLISH_BLOCK_WORDS = /\b(?:block|blk|building|bldg|no)(?![a-z])\.?/g;
const TOKEN = /\d+|[a-z]+|[^\s\d\p{P}\p{S}a-z]+/gu;

/**
 * Make a test for what was typed. Every word must be in the Chinese or the English name, in any order; a number must
 * be the whole number, except the last one while nothing follows it.
 *
 * @param {string} typed
 * @returns {(building: { name: string, name_en: string }) => boolean}
 */
export function matcher(typed) {
  const folded = fold(typed).replace(INSIDE, "");
  const asTyped = matcherOf(folded);
  if (!ONLY_NUMERAL.test(folded)) return asTyped;
  // 五 is the fifth block, or the beginning of 五一大道.
  const asNumber = matcherOf(String(valueOf(folded)));
  return (building) => asTyped(building) || asNumber(building);
}

/**
 * @param {string} folded
 * @returns {(building: { name: string, name_en: string }) => boolean}
 */
function matcherOf(folded) {
  const wanted = tokens(folded);
  const typing = /\d$/.test(folded) ? wanted.length - 1 : -1;
  return ({ name, name_en }) => {
    const there = [...tokens(fold(name)), ...tokens(fold(name_en))];
    return wanted.every((token, i) => there.some((word) => fits(token, word, i === typing)));
  };
}

/** @param {string} text */
function fold(text) {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .trim()
    .replace(NUMBERED, (numeral) => String(valueOf(numeral)));
}

/** @param {string} folded */
function tokens(folded) {
  const bare = folded.replace(BLOCK_WORDS, "$1 ").replace(ENGLISH_BLOCK_WORDS, " ");
  return (bare.match(TOKEN) ?? []).map((token) => (/^\d/.test(token) ? token.replace(/^0+(?=\d)/, "") : token));
}

/**
 * @param {string} token
 * @param {string} word
 * @param {boolean} unfinished
 */
function fits(token, word, unfinished) {
  if (/^\d/.test(token)) return unfinished ? word.startsWith(token) : word === token;
  return /^[a-z]/.test(token) ? word.startsWith(token) : word.includes(token);
}

/**
 * The value of a Chinese numeral below a thousand, such as 二十三; digits side by side, as in 一〇五, are read in turn.
 *
 * @param {string} numeral
 */
function valueOf(numeral) {
  const plain = numeral.replaceAll("〇", "零").replaceAll("两", "二");
  if (!/[十百]/.test(plain)) return Number([...plain].map((digit) => DIGITS.indexOf(digit)).join(""));
  const parts = /^(?:(.)?百)?零?(?:(.)?十)?(.)?$/u.exec(plain);
  if (!parts) return numeral;
  const [, hundreds, tens, ones] = parts;
  const count = (/** @type {string | undefined} */ digit, /** @type {boolean} */ there) =>
    there ? (digit ? DIGITS.indexOf(digit) : 1) : 0;
  return count(hundreds, plain.includes("百")) * 100 + count(tens, plain.includes("十")) * 10 + count(ones, Boolean(ones));
}
