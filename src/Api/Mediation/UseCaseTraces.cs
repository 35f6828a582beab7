using System.Diagnostics;

namespace Relo.Api.Mediation;

/// <summary>Spans of use cases; without a listener none is made.</summary>
internal static class UseCaseTraces
{
    /// <summary>Name of the source.</summary>
    public const string Name = "Relo";

    private static readonly ActivitySource Source = new(Name);

    /// <summary>Begins one.</summary>
    public static Activity? Begin(string useCase) => Source.StartActivity(useCase);

    /// <summary>Says what came of it. Only a defect is an error: that an object is broken is an answer.</summary>
    public static void End(this Activity activity, string outcome, bool isDefect)
    {
        activity.SetTag("relo.outcome", outcome);
        if (isDefect) activity.SetStatus(ActivityStatusCode.Error);
    }
}
