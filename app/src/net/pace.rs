//! How fast bytes go and how long the rest takes, said so that it does not jump about.

use shared::time::Timestamp;

/// Measures one transfer.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    total: u64,
    done: u64,
    since: Timestamp,
    done_then: u64,
    per_second: f64,
}

impl Pace {
    /// A transfer of `total` bytes, of which `done` are there already.
    #[must_use]
    pub fn new(total: u64, done: u64, now: Timestamp) -> Self {
        Self { total, done, since: now, done_then: done, per_second: 0.0 }
    }

    /// Counts bytes that arrived.
    pub fn arrived(&mut self, bytes: u64, now: Timestamp) {
        self.done = self.done.saturating_add(bytes).min(self.total);
        let elapsed = now.0.saturating_sub(self.since.0);
        // Shorter spans say more about the clock than about the network.
        if elapsed < 500 {
            return;
        }
        let latest = (self.done - self.done_then) as f64 * 1000.0 / elapsed as f64;
        self.per_second =
            if self.per_second == 0.0 { latest } else { self.per_second * 0.7 + latest * 0.3 };
        self.since = now;
        self.done_then = self.done;
    }

    /// Begins to measure anew after a pause.
    pub fn resumed(&mut self, now: Timestamp) {
        self.since = now;
        self.done_then = self.done;
        self.per_second = 0.0;
    }

    /// Bytes done.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Bytes in all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// From 0 to 1; an empty file is done.
    #[must_use]
    pub fn share(&self) -> f64 {
        if self.total == 0 { 1.0 } else { self.done as f64 / self.total as f64 }
    }

    /// Bytes a second, once it is known.
    #[must_use]
    pub fn per_second(&self) -> Option<u64> {
        (self.per_second >= 1.0).then_some(self.per_second as u64)
    }

    /// Seconds left, once they are known.
    #[must_use]
    pub fn seconds_left(&self) -> Option<u64> {
        self.per_second().map(|speed| (self.total - self.done).div_ceil(speed))
    }
}

/// "2.4 MB of 30 MB, about 2 minutes left", for staff.
#[must_use]
pub fn so_far(pace: &Pace) -> String {
    let so_far = [size(pace.done()), size(pace.total())].join(" of ");
    match pace.seconds_left() {
        Some(0) | None => so_far,
        Some(1) => format!("{so_far}, about 1 second left"),
        Some(left @ 2..90) => format!("{so_far}, about {left} seconds left"),
        Some(left @ 90..5400) => format!("{so_far}, about {} minutes left", left.div_ceil(60)),
        Some(left) => format!("{so_far}, about {} hours left", left.div_ceil(3600)),
    }
}

/// "2.4 MB". Decimal units, as the reader's own system shows them.
#[must_use]
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    let mut tenths = bytes / 100;
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < UNITS.len() {
        tenths /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if tenths < 100 && unit > 0 {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    } else {
        format!("{} {name}", tenths / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn sizes_read_as_on_the_readers_own_system() {
        let said: Vec<String> =
            [0, 999, 1000, 2_400_000, 504_000_000, 2_147_483_648].map(size).into();
        assert_eq!(said, ["0 B", "999 B", "1 KB", "2.4 MB", "504 MB", "2.1 GB"]);
    }

    #[wasm_bindgen_test]
    fn the_time_left_follows_the_speed() {
        let mut pace = Pace::new(10_000, 0, Timestamp(0));
        assert_eq!(pace.seconds_left(), None);
        pace.arrived(1000, Timestamp(1000));
        assert_eq!(pace.seconds_left(), Some(9));
        pace.arrived(9000, Timestamp(2000));
        assert_eq!(pace.seconds_left(), Some(0));
        assert!((pace.share() - 1.0).abs() < f64::EPSILON);
    }

    #[wasm_bindgen_test]
    fn what_is_left_is_said_in_the_unit_one_would_use() {
        let said = |per_second: u64| {
            let mut pace = Pace::new(10_000_000, 0, Timestamp(0));
            assert_eq!(so_far(&pace), "0 B of 10 MB");
            pace.arrived(per_second, Timestamp(1000));
            so_far(&pace).split_once(", ").map(|(_, left)| left.to_owned())
        };
        let left = [5_000_000, 1_000_000, 50_000, 1000].map(said);
        let about = ["1 second", "9 seconds", "4 minutes", "3 hours"];
        assert_eq!(left, about.map(|time| Some(format!("about {time} left"))));
        let mut done = Pace::new(2000, 0, Timestamp(0));
        done.arrived(2000, Timestamp(1000));
        assert_eq!(so_far(&done), "2 KB of 2 KB");
    }

    #[wasm_bindgen_test]
    fn an_empty_file_is_done_at_once() {
        assert!((Pace::new(0, 0, Timestamp(0)).share() - 1.0).abs() < f64::EPSILON);
    }
}
