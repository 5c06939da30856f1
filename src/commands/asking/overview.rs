//! What else there is, in one line under a page that doesn't hold all.

use crate::{
    reply::Text,
    search::{Beyond, Names},
};

/// "Also: 2 on Brazil; 4 of 2023."; `None` where there is nothing to tell.
pub(in crate::commands) fn also(names: &Names, beyond: &Beyond) -> Option<Text> {
    let places = beyond.places.iter().filter_map(|&(id, count)| Some((count, "on", names.entity(id)?.name.clone())));
    let years = beyond.years.iter().map(|&(year, count)| (count, "of", year.to_string()));
    let told = |parts: Vec<(usize, &str, String)>| {
        let parts: Vec<String> = parts.into_iter().map(|(count, of, what)| format!("{count} {of} {what}")).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    };
    let parts: Vec<String> = [told(places.collect()), told(years.collect())].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| format!("Also: {}.", parts.join("; ")).into())
}
