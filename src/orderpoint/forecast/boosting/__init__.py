"""One global model of trees over all series: training, forecasting, and scores on origins it has not seen."""
