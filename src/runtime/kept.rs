//! What a run has measured before it began, for those after it.

use std::any::Any;
use std::time::Duration;

use web_time::Instant;

/// How long a measurement holds: processors get warm, and other programs come and go.
const HOLDS: Duration = Duration::from_secs(5 * 60);

/// A measurement that later runs of a runtime may take over.
pub(super) struct Kept {
    pub(super) name: &'static str,
    pub(super) on_battery: Option<bool>,
    pub(super) since: Instant,
    pub(super) value: Box<dyn Any + Send>,
}

impl Kept {
    /// Whether nothing that it depends on has changed.
    pub(super) fn holds(&self, on_battery: Option<bool>, now: Instant) -> bool {
        self.on_battery == on_battery && now.saturating_duration_since(self.since) < HOLDS
    }
}
