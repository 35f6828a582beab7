using System.Diagnostics;

namespace Relo.Api.Mediation;

/// <summary>Spans of use cases; none is created without a listener.</summary>
internal static class UseCaseTraces
{
    /// <summary>Name of the source.</summary>
    public const string Name = "Relo";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Starts a span.</summary>
    public static Activity? Begin(string useCase) => Source.StartActivity(useCase);

    /// <summary>Records the outcome. Only a bug is an error; a malformed object is a valid result.</summary>
    public static void End(this Activity activity, string outcome, bool isDefect)
    {
        activity.SetTag("relo.outcome", outcome);
        if (isDefect) activity.SetStatus(ActivityStatusCode.Error);
    }
}
