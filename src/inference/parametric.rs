//! The t test of a CAR: value over its standard error with forecast error, Student t with the model's residual degrees of
//! freedom (MacKinlay 1997; Campbell, Lo & MacKinlay 1997, ch. 4). It leans on normal residuals: read it beside the placebo test.

use crate::abnormal::CumulativeAbnormalReturn;
use crate::inference::{Outcome, TestOutcome};
use crate::model::FittedModel;

/// The t test of a CAR.
pub fn test(model: &FittedModel, cumulated: &CumulativeAbnormalReturn) -> TestOutcome {
    TestOutcome {
        name: "t",
        outcome: Outcome::Computed {
            statistic: cumulated.t,
            p_value: cumulated.p_value,
            null: format!("t({})", model.degrees_of_freedom()),
            n: model.observations(),
        },
    }
}
