//! Which addresses of the internet are everyone's to reach: what isn't, lies behind the machine that asks, or stands for
//! something else. It knows numbers alone, and nothing of names.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks of IPv4 that lead to no page of a stranger's: IANA's special-purpose registry (RFC 6890 and its updates), whole
/// blocks where some of it is reachable, and an address of a cloud's that answers its own machines alone.
const NOT_PUBLIC: &[([u8; 4], u32)] = &[
    // This network.
    ([0, 0, 0, 0], 8),
    // Private use.
    ([10, 0, 0, 0], 8),
    // Behind the translators of carriers (CGNAT).
    ([100, 64, 0, 0], 10),
    // This machine.
    ([127, 0, 0, 0], 8),
    // A cloud's own service, among the addresses of others.
    ([168, 63, 129, 16], 32),
    // On this link, where clouds tell their machines about themselves (metadata).
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    // Protocol assignments.
    ([192, 0, 0, 0], 24),
    // For documentation.
    ([192, 0, 2, 0], 24),
    // Relays from IPv6 of earlier (6to4).
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    // Benchmarks.
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    // Multicast, and what is kept for later, with the broadcast address.
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// Blocks of IPv6 inside of what is given to the world (2000::/3) that lead to no page of a stranger's.
const NOT_PUBLIC_6: &[([u16; 3], u32)] = &[
    // Protocol assignments: Teredo, which holds an IPv4 address, benchmarks, identifiers.
    ([0x2001, 0, 0], 23),
    // For documentation.
    ([0x2001, 0xdb8, 0], 32),
    // 6to4, which holds an IPv4 address.
    ([0x2002, 0, 0], 16),
    ([0x3fff, 0, 0], 20),
];

/// Whether an address can be reached from anywhere. An address of IPv4 that is written as one of IPv6, in whatever way, never
/// can: it would be a second way to the same machine.
#[must_use]
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !NOT_PUBLIC.iter().any(|(block, length)| is_in_4(address, *block, *length)),
        // Everything else is this machine, this link, this site, a group, or holds an IPv4 address (mapped, NAT64).
        IpAddr::V6(address) => {
            is_in_6(address, [0x2000, 0, 0], 3)
                && !NOT_PUBLIC_6.iter().any(|(block, length)| is_in_6(address, *block, *length))
        }
    }
}

fn is_in_4(address: Ipv4Addr, block: [u8; 4], length: u32) -> bool {
    let shift = 32 - length;
    address.to_bits() >> shift == Ipv4Addr::from(block).to_bits() >> shift
}

fn is_in_6(address: Ipv6Addr, [first, second, third]: [u16; 3], length: u32) -> bool {
    let block = Ipv6Addr::new(first, second, third, 0, 0, 0, 0, 0);
    let shift = 128 - length;
    address.to_bits() >> shift == block.to_bits() >> shift
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_end_where_they_end() {
        for (inside, outside) in [
            ("10.255.255.255", "11.0.0.0"),
            ("100.127.255.255", "100.128.0.0"),
            ("100.64.0.0", "100.63.255.255"),
            ("172.31.255.255", "172.32.0.0"),
            ("172.16.0.0", "172.15.255.255"),
            ("192.168.0.0", "192.169.0.0"),
            ("198.19.255.255", "198.20.0.0"),
            ("224.0.0.0", "223.255.255.255"),
            ("168.63.129.16", "168.63.129.17"),
            ("2001:1ff:ffff::1", "2001:200::1"),
            ("2001:db8:ffff::1", "2001:db9::1"),
            ("2002:ffff::1", "2003::1"),
            ("3fff:fff::1", "3ffe::1"),
            ("1fff::1", "2600::1"),
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
    }
}
