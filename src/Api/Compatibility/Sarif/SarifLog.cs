using System.Text.Json.Serialization;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>
/// A log in the format of code review tools: the subset of SARIF 2.1.0 (OASIS) that the service needs. Absent members are left out,
/// because the format has no null.
/// </summary>
/// <param name="Schema">URL of its schema.</param>
/// <param name="Version">Version of the format: <c>2.1.0</c>.</param>
/// <param name="Runs">One run.</param>
/// <param name="Properties">The problem, if the response is one.</param>
internal sealed record SarifLog(
    [property: JsonPropertyName("$schema")] string Schema,
    string Version,
    IReadOnlyList<SarifRun> Runs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifProblem? Properties);

/// <summary>A problem (RFC 9457), in the property bag that the format provides for extensions.</summary>
internal sealed record SarifProblem(string Type, string Title, int Status, string Detail, string Code, string TraceId);

/// <summary>The check of one object on the kernels.</summary>
/// <param name="Tool">Relo and its rules.</param>
/// <param name="Invocations">One; not successful if a kernel could not be checked.</param>
/// <param name="Artifacts">The object.</param>
/// <param name="Results">The faults of the object, the worst first.</param>
/// <param name="ColumnKind">The unit of columns.</param>
/// <param name="Properties">Members outside the format: the number of kernels by verdict.</param>
internal sealed record SarifRun(
    SarifTool Tool, IReadOnlyList<SarifInvocation> Invocations, IReadOnlyList<SarifArtifact> Artifacts, IEnumerable<SarifResult> Results,
    string ColumnKind, object Properties);

/// <summary>The tool.</summary>
internal sealed record SarifTool(SarifDriver Driver);

/// <summary>The program and its rules.</summary>
internal sealed record SarifDriver(string Name, string Version, string SemanticVersion, IReadOnlyList<SarifRule> Rules);

/// <summary>A kind of result.</summary>
internal sealed record SarifRule(string Id, string Name, SarifText ShortDescription, SarifText FullDescription, SarifText Help,
    SarifConfiguration DefaultConfiguration);

/// <summary>The severity of a rule's results.</summary>
internal sealed record SarifConfiguration(string Level);

/// <summary>A text.</summary>
internal sealed record SarifText(string Text);

/// <summary>The outcome of the run.</summary>
internal sealed record SarifInvocation(bool ExecutionSuccessful, IReadOnlyList<SarifNotification> ToolExecutionNotifications);

/// <summary>Kernels that could not be checked, and the reason: not a fault of the object.</summary>
internal sealed record SarifNotification(SarifDescriptor Descriptor, string Level, SarifText Message, SarifKernels Properties);

/// <summary>A problem code.</summary>
internal sealed record SarifDescriptor(string Id);

/// <summary>Kernels.</summary>
internal sealed record SarifKernels(IEnumerable<string> Kernels);

/// <summary>The object.</summary>
internal sealed record SarifArtifact(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifArtifactLocation? Location, long Length,
    SarifHashes Hashes, IReadOnlyList<string> Roles);

/// <summary>Its digest, without a prefix.</summary>
internal sealed record SarifHashes([property: JsonPropertyName("sha-256")] string Sha256);
