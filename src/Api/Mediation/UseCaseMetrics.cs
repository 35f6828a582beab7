using System.Diagnostics.Metrics;

namespace Relo.Api.Mediation;

/// <summary>Meter <c>Relo</c>: the number and duration of use cases by outcome.</summary>
internal sealed class UseCaseMetrics(IMeterFactory meters)
{
    /// <summary>Name of the meter.</summary>
    public const string Meter = "Relo";

    // The histogram counts too: its count is the number of runs.
    private readonly Histogram<double> _duration = meters.Create(Meter).CreateHistogram<double>(
        "relo.use_case.duration", unit: "s", description: "Duration of use cases by name and outcome");

    /// <summary>Records one run of a use case.</summary>
    public void Record(string useCase, string outcome, TimeSpan elapsed)
        => _duration.Record(elapsed.TotalSeconds, new("use_case", useCase), new("outcome", outcome));
}
