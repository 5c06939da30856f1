//! `anchor`, and what `verify` says of time stamps.

use std::io::Write;

use super::CliError;
#[cfg(feature = "anchor")]
use super::Exit;
use crate::{anchor::Anchors, config::Config, store::Reader};
#[cfg(feature = "anchor")]
use crate::{
    anchor::{Roots, Stamp, StampAuthority, Stamped},
    app::open_read_only,
    config::AnchorConfig,
};

/// Has the history stamped, if it holds and goes on since the last stamp.
#[cfg(feature = "anchor")]
pub(super) fn anchor(config: &Config) -> Result<Exit, CliError> {
    let settings = &config.anchor;
    let Some(authority) = &settings.authority else {
        return Err(CliError::Usage(
            "ONRECORD_TSA names no time-stamping authority; set it to the address of one, like \
             https://tsa.example.org/tsr, and ONRECORD_TSA_CA to a file with the certificates that it is trusted by"
                .to_owned(),
        ));
    };
    let roots = roots(settings)?
        .ok_or_else(|| CliError::Usage(format!("{NO_ROOTS}; without them anyone could be the authority")))?;
    let store = open_read_only(&config.data)?;
    let records = store.reader()?.without_deadline();
    let problems = records.verify()?.problems;
    let mut out = std::io::stdout().lock();
    if !problems.is_empty() {
        writeln!(out, "The history does not hold, so it is not stamped: onrecord verify says what is wrong.")?;
        return Ok(Exit::Failed);
    }
    let (anchors, stamped) = (Anchors::of(&config.data.database), Stamped::now(&records)?);
    for anchor in anchors.all()?.into_iter().rev().filter(|anchor| anchor.stamped.as_ref() == Some(&stamped)) {
        if let Ok(stamp) = anchor.check(&stamped, &roots) {
            writeln!(out, "Nothing has changed since the time stamp of {}.", moment(&stamp))?;
            return Ok(Exit::Answered);
        }
    }
    let (stamp, reply) = StampAuthority::at(authority.clone()).stamp(&stamped, &roots)?;
    let file = anchors.keep(stamp.at, &stamped, &reply)?;
    writeln!(out, "{} are stamped: they were there at {}, says {}.", stamped.extent(), moment(&stamp), stamp.by)?;
    writeln!(
        out,
        "The time stamp is {}, and the text beside it is what is stamped. Keep a copy of both where this machine is not.",
        file.display()
    )?;
    Ok(Exit::Answered)
}

#[cfg(feature = "anchor")]
const NO_ROOTS: &str =
    "ONRECORD_TSA_CA names no file with the certificates that time-stamping authorities are trusted by";

#[cfg(feature = "anchor")]
fn roots(settings: &AnchorConfig) -> Result<Option<Roots>, CliError> {
    Ok(settings.roots.as_deref().map(Roots::read).transpose()?)
}

#[cfg(feature = "anchor")]
fn moment(stamp: &Stamp) -> String {
    stamp.at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// Holds the time stamps that were kept against the history, and says since when it is fixed. Says whether all is well.
#[cfg(feature = "anchor")]
pub(super) fn report(config: &Config, records: &Reader<'_>, out: &mut impl Write) -> Result<bool, CliError> {
    let anchors = Anchors::of(&config.data.database).all()?;
    if anchors.is_empty() {
        return Ok(true);
    }
    let Some(roots) = roots(&config.anchor)? else {
        writeln!(out, "Of {} time stamps none can be checked: {NO_ROOTS}.", anchors.len())?;
        return Ok(false);
    };
    let mut holding = Vec::new();
    let mut all_well = true;
    for anchor in anchors {
        let file = anchor.file.display().to_string();
        let Some(stamped) = &anchor.stamped else {
            writeln!(out, "The time stamp {file} can't be checked: the text that it is over is not beside it.")?;
            all_well = false;
            continue;
        };
        match anchor.check(stamped, &roots) {
            Err(error) => {
                writeln!(out, "The time stamp {file} does not hold: {error}.")?;
                all_well = false;
            }
            Ok(stamp) => {
                let differences = stamped.differences(records)?;
                for difference in &differences {
                    writeln!(
                        out,
                        "Since the time stamp of {} ({file}) history was altered: {difference}.",
                        moment(&stamp)
                    )?;
                }
                all_well &= differences.is_empty();
                if differences.is_empty() {
                    holding.push((stamp, stamped.extent()));
                }
            }
        }
    }
    holding.sort_by_key(|(stamp, _)| stamp.at);
    let newest = holding.pop();
    for (stamp, extent) in holding.first().into_iter().chain(&newest) {
        writeln!(out, "{extent} are fixed since {}, says {}.", moment(stamp), stamp.by)?;
    }
    Ok(all_well)
}

/// Says that time stamps aren't looked at by a program without the means for it.
#[cfg(not(feature = "anchor"))]
pub(super) fn report(config: &Config, _: &Reader<'_>, out: &mut impl Write) -> Result<bool, CliError> {
    let anchors = Anchors::of(&config.data.database).all()?.len();
    if anchors > 0 {
        writeln!(out, "Of {anchors} time stamps none was checked: this program was built without the feature anchor.")?;
    }
    Ok(anchors == 0)
}
