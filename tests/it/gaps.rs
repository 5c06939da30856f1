//! What is missing on record of the shipped data, counted. The figures are committed: who finds a page for an entry sees
//! them sink in the diff, and who loses one sees them rise.

use std::fmt::Write;

use onrecord::store::Missing;

use super::{
    editorial::{authority, say},
    rendered::rendered,
    support::World,
};

#[test]
fn what_the_shipped_entries_miss_is_counted() {
    let world = World::shipped();
    let counts = world.app.store.reader().unwrap().gap_counts().unwrap();
    let mut figures = format!(
        "statements {}, responses {}, sources {}; that miss something {}\n",
        counts.statements, counts.responses, counts.sources, counts.records
    );
    for (missing, records) in &counts.each {
        writeln!(figures, "{missing:?} {records}").unwrap();
    }
    let of = |wanted: Missing| counts.each.iter().find(|(missing, _)| *missing == wanted).unwrap().1;
    let lead = counts.statements + counts.responses - of(Missing::Original) - of(Missing::OriginalLink);
    writeln!(figures, "entries that lead to an original by a link {lead}").unwrap();
    insta::assert_snapshot!(figures);
}

#[test]
fn gaps_are_listed_the_worst_first_and_each_record_once() {
    let world = World::shipped();
    let reader = world.app.store.reader().unwrap();
    let counts = reader.gap_counts().unwrap();
    let all = reader.gaps(0, usize::try_from(u32::MAX).unwrap()).unwrap();
    assert_eq!(all.len(), counts.records);
    let worst: Vec<Missing> = all.iter().map(|gap| gap.missing[0]).collect();
    assert!(worst.is_sorted());
    for (missing, records) in counts.each {
        assert_eq!(all.iter().filter(|gap| gap.missing.contains(&missing)).count(), records, "{missing:?}");
    }
    assert_eq!(reader.gaps(20, 20).unwrap(), all[20..40]);
    let mut records: Vec<String> = all.iter().map(|gap| gap.record.to_string()).collect();
    records.sort_unstable();
    records.dedup();
    assert_eq!(records.len(), all.len());
    drop(reader);
    world.app.desk.appoint(authority());
    insta::assert_snapshot!(rendered(&say(&world, "matrix:@root:example.org", "gaps")));
}
