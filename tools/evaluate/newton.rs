//! Two regressions of few parameters, by Newton's method.

/// A choice of one among several, each with its measures.
pub struct Choice<const N: usize> {
    pub chosen: usize,
    pub among: Vec<[f64; N]>,
}

/// How many steps are taken. Both functions are concave, and a dozen reach the last digits.
const STEPS: usize = 30;

/// The weights of the measures under which the choices are likeliest, when one is chosen with a
/// probability in proportion to the exponential of its weighted sum.
pub fn conditional_logit<const N: usize>(choices: &[Choice<N>], penalty: f64) -> [f64; N] {
    maximise(|weights| {
        let (mut slope, mut curvature) = penalised(weights, penalty);
        for choice in choices {
            let sums: Vec<f64> = choice.among.iter().map(|measures| dot(measures, weights)).collect();
            let most = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let powers: Vec<f64> = sums.iter().map(|sum| (sum - most).exp()).collect();
            let total: f64 = powers.iter().sum();
            let mut mean = [0.0; N];
            for (measures, power) in choice.among.iter().zip(&powers) {
                add(&mut mean, measures, power / total);
            }
            if let Some(chosen) = choice.among.get(choice.chosen) {
                add(&mut slope, chosen, 1.0);
                add(&mut slope, &mean, -1.0);
            }
            for (measures, power) in choice.among.iter().zip(&powers) {
                let apart: [f64; N] = std::array::from_fn(|place| measures[place] - mean[place]);
                add_square(&mut curvature, &apart, power / total);
            }
        }
        (slope, curvature)
    })
}

/// The weights of a logistic regression of what is true on the measures.
pub fn logistic<const N: usize>(rows: &[([f64; N], bool)], penalty: f64) -> [f64; N] {
    maximise(|weights| {
        let (mut slope, mut curvature) = penalised(weights, penalty);
        for (measures, truth) in rows {
            let likely = 1.0 / (1.0 + (-dot(measures, weights)).exp());
            add(&mut slope, measures, if *truth { 1.0 } else { 0.0 } - likely);
            add_square(&mut curvature, measures, likely * (1.0 - likely));
        }
        (slope, curvature)
    })
}

type Square<const N: usize> = [[f64; N]; N];

fn penalised<const N: usize>(weights: &[f64; N], penalty: f64) -> ([f64; N], Square<N>) {
    let curvature = std::array::from_fn(|row| std::array::from_fn(|column| if row == column { penalty } else { 0.0 }));
    (std::array::from_fn(|place| -penalty * weights[place]), curvature)
}

fn maximise<const N: usize>(function: impl Fn(&[f64; N]) -> ([f64; N], Square<N>)) -> [f64; N] {
    let mut weights = [0.0; N];
    for _ in 0..STEPS {
        let (slope, curvature) = function(&weights);
        let step = solve(curvature, slope);
        // A step that is too long overshoots where the function is nearly flat.
        let length = step.iter().map(|part| part.abs()).fold(0.0, f64::max);
        let shortened = if length > 2.0 { 2.0 / length } else { 1.0 };
        add(&mut weights, &step, shortened);
        if length < 1e-10 {
            break;
        }
    }
    weights
}

fn dot<const N: usize>(left: &[f64; N], right: &[f64; N]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn add<const N: usize>(sum: &mut [f64; N], part: &[f64; N], times: f64) {
    for (sum, part) in sum.iter_mut().zip(part) {
        *sum += part * times;
    }
}

fn add_square<const N: usize>(sum: &mut Square<N>, part: &[f64; N], times: f64) {
    for (row, left) in sum.iter_mut().zip(part) {
        add(row, part, left * times);
    }
}

/// Solves a system of equations whose matrix is symmetric and positive definite (Gauss–Jordan; the
/// penalty keeps every pivot above 0).
fn solve<const N: usize>(mut matrix: Square<N>, mut right: [f64; N]) -> [f64; N] {
    for pivot in 0..N {
        let scale = matrix[pivot][pivot];
        for value in &mut matrix[pivot] {
            *value /= scale;
        }
        right[pivot] /= scale;
        for row in (0..N).filter(|&row| row != pivot) {
            let factor = matrix[row][pivot];
            let (from, of) = (matrix[pivot], right[pivot]);
            add(&mut matrix[row], &from, -factor);
            right[row] -= of * factor;
        }
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_of_equations_is_solved() {
        let solution = solve([[4.0, 1.0], [1.0, 3.0]], [1.0, 2.0]);
        assert!((solution[0] - 1.0 / 11.0).abs() < 1e-12 && (solution[1] - 7.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn a_logistic_regression_gives_the_odds() {
        // Three of four are true: the logarithm of the odds is ln 3.
        let rows: Vec<([f64; 1], bool)> = (0..400).map(|number| ([1.0], number % 4 > 0)).collect();
        let [constant] = logistic(&rows, 1e-9);
        assert!((constant - 3.0_f64.ln()).abs() < 1e-6, "{constant}");
    }

    #[test]
    fn choices_give_the_weight_that_makes_them_likeliest() {
        // Of two, the one with the measure is chosen three times of four: its odds are 3.
        let choices: Vec<Choice<1>> =
            (0..400).map(|number| Choice { chosen: usize::from(number % 4 == 0), among: vec![[1.0], [0.0]] }).collect();
        let [weight] = conditional_logit(&choices, 1e-9);
        assert!((weight - 3.0_f64.ln()).abs() < 1e-6, "{weight}");
    }
}
