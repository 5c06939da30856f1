//! The two curves of the forward pass, over many numbers at once. Their constants are made ready once for all numbers, so
//! that they are quick also where nothing is optimised.

use rten_simd::{
    Isa, SimdOp,
    functional::simd_apply,
    ops::{BitOps, FloatOps, NumOps},
};

/// How many vectors of numbers are worked on at once.
const AT_ONCE: usize = 2;

/// The error function's complement is the inverse of this polynomial's sixteenth power, of positive numbers (Abramowitz
/// and Stegun, Handbook of Mathematical Functions, 7.1.28; it is off by 3e-7 at most).
const POWERS: [f32; 7] =
    [1.0, 0.070_523_08, 0.042_282_01, 0.009_270_527, 0.000_152_014_3, 0.000_276_567_2, 0.000_043_063_8];

/// Bends numbers by GELU (Gaussian error linear unit), in place: x times the share of a normal distribution below x.
pub(super) struct Bend<'a>(pub(super) &'a mut [f32]);

impl SimdOp for Bend<'_> {
    type Output = ();

    #[inline(always)]
    fn eval<I: Isa>(self, isa: I) {
        let ops = isa.f32();
        let mut power = std::f32::consts::FRAC_1_SQRT_2;
        let mut of_the_number = POWERS;
        for factor in &mut of_the_number[1..] {
            *factor *= power;
            power *= std::f32::consts::FRAC_1_SQRT_2;
        }
        let [one, first, second, third, fourth, fifth, sixth] = of_the_number.map(
            #[inline(always)]
            |factor| ops.splat(factor),
        );
        let (none, minus_half) = (ops.zero(), ops.splat(-0.5));
        simd_apply::<_, _, _, AT_ONCE>(
            ops,
            self.0,
            #[inline(always)]
            |number| {
                let size = ops.abs(number);
                let sum = ops.mul_add(sixth, size, fifth);
                let sum = ops.mul_add(sum, size, fourth);
                let sum = ops.mul_add(sum, size, third);
                let sum = ops.mul_add(sum, size, second);
                let sum = ops.mul_add(sum, size, first);
                let sum = ops.mul_add(sum, size, one);
                let inverse = ops.div(one, sum);
                let squared = ops.mul(inverse, inverse);
                let squared = ops.mul(squared, squared);
                let squared = ops.mul(squared, squared);
                let beyond = ops.mul(squared, squared);
                ops.mul_add(ops.mul(size, minus_half), beyond, ops.max(number, none))
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_bent_as_gelu_is_defined() {
        let known = [
            (0.0, 0.0),
            (1.0, 0.841_344_7),
            (-1.0, -0.158_655_3),
            (3.0, 2.995_950_3),
            (-0.5, -0.154_268_8),
            (-20.0, 0.0),
            (20.0, 20.0),
            (1e30, 1e30),
            (-1e30, 0.0),
        ];
        // As many as fill whole vectors, and some that don't.
        let mut numbers: Vec<f32> = (0..77).map(|at| known[at % known.len()].0).collect();
        Bend(&mut numbers).dispatch();
        for (at, found) in numbers.iter().enumerate() {
            let expected = known[at % known.len()].1;
            assert!((found - expected).abs() <= 2e-6 * expected.abs().max(1.0), "{at}: {found} {expected}");
        }
    }
}
