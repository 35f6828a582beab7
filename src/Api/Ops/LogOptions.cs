namespace Relo.Api.Ops;

/// <summary>Section <c>Log</c>; levels are in section <c>Serilog</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Log";

    /// <summary>The variable that .NET's container images set; other images may set it too.</summary>
    public const string InContainer = "DOTNET_RUNNING_IN_CONTAINER";

    private const string Text = "text", Json = "json", Auto = "auto";

    /// <summary>
    /// <c>text</c> for people, <c>json</c> for machines (one compact JSON object per line, with trace and span), <c>auto</c>: <c>json</c>
    /// in a container, otherwise <c>text</c>.
    /// </summary>
    public string Format { get; set; } = Auto;

    /// <summary>Whether the value is one of these.</summary>
    internal bool IsSound => Format is Text or Json or Auto;

    /// <summary>Whether lines are JSON.</summary>
    internal bool IsJson(IConfiguration environment) => Format == Json || (Format == Auto && environment[InContainer] is "true" or "1");
}
