//! Shapes that fingers and calendars make: one character over and over, sequences, rows of keys, dates. Each
//! function says how many characters from the beginning have its shape, and what that costs to guess.

/// The rows of keyboards as people type along them: of English, German and French ones, and the digits' block.
const BOARDS: [[&str; 4]; 4] = [
    ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./"],
    ["1234567890ß", "qwertzuiopü", "asdfghjklöä", "yxcvbnm,.-"],
    ["&é\"'(-è_çà)=", "azertyuiop^$", "qsdfghjklmù", "wxcvbn,;:!"],
    ["789", "456", "123", "0"],
];
/// As a power of ten: where a shape begins, and which way it goes.
const BEGINS: f32 = 1.4;
/// Each change of direction along the keys.
const TURN: f32 = 0.5;
/// How long it is, for a tenfold length.
const TENFOLD: f32 = 0.5;
/// A year of this century or the last.
const YEAR: f32 = 2.1;
/// A day in such a year.
const DAY: f32 = 4.4;

/// So many characters, and what they cost together.
pub(super) type Shape = (usize, f32);

fn cost(length: usize, more: f32) -> f32 {
    BEGINS + more + TENFOLD * (length as f32).log10()
}

/// One character over and over, or each the next of the one before: `aaaa`, `abcd`, `9876`.
pub(super) fn sequence(text: &[char]) -> Option<Shape> {
    let step = |pair: &[char]| match pair {
        [a, b] => i64::from(u32::from(*b)) - i64::from(u32::from(*a)),
        _ => 0,
    };
    let first = text.windows(2).next().map(step).filter(|first| (-1..=1).contains(first))?;
    let length = 1 + text.windows(2).take_while(|pair| step(pair) == first).count();
    (length >= 3).then(|| (length, cost(length, 0.0)))
}

/// Along the keys, each beside the one before or the same: `qwerty`, `1qaz`, `poiuyt`.
pub(super) fn keys(text: &[char]) -> Option<Shape> {
    let longest = BOARDS.iter().map(|board| walk(board, text)).max_by_key(|(length, _)| *length);
    let (length, turns) = longest.filter(|(length, _)| *length >= 4)?;
    Some((length, cost(length, TURN * turns as f32)))
}

/// How many characters lie beside each other on a board, and how often the way turns.
fn walk(board: &[&str; 4], text: &[char]) -> (usize, usize) {
    let place = |key: char| {
        let row = board.iter().position(|row| row.contains(key))?;
        let column = board.get(row)?.chars().position(|one| one == key)?;
        Some((row as i32, column as i32))
    };
    let (mut length, mut turns) = (0, 0);
    let (mut last, mut heading) = (None, None);
    for key in text {
        let Some(here) = place(*key) else { break };
        if let Some((row, column)) = last {
            let way = (here.0 - row, here.1 - column);
            // A row stands half a key to the right of the one above it.
            if !matches!(way, (0, -1..=1) | (1, -1..=0) | (-1, 0..=1)) {
                break;
            }
            if heading.replace(way).is_some_and(|before| before != way) {
                turns += 1;
            }
        }
        last = Some(here);
        length += 1;
    }
    (length, turns)
}

/// A year, or a day written in six or eight digits.
pub(super) fn date(text: &[char]) -> Option<Shape> {
    let digits = text.iter().take(8).map_while(|sign| sign.to_digit(10));
    let mut read = [0; 8];
    let length = digits.zip(&mut read).map(|(digit, place)| *place = digit).count();
    let pairs: [u32; 4] = core::array::from_fn(|at| read[2 * at] * 10 + read[2 * at + 1]);
    let is_day = |a, b| (1..=31).contains(&a) && (1..=12).contains(&b);
    let either = |a, b| is_day(a, b) || is_day(b, a);
    let is_century = |pair| pair == 19 || pair == 20;
    let [a, b, c, d] = pairs;
    if length == 8 && (is_century(c) && either(a, b) || is_century(a) && either(c, d)) {
        return Some((8, DAY));
    }
    if length >= 6 && (either(a, b) || either(b, c)) {
        return Some((6, DAY));
    }
    (length >= 4 && is_century(a)).then_some((4, YEAR))
}
