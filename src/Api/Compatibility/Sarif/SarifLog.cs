using System.Text.Json.Serialization;

namespace Relo.Api.Compatibility.Sarif;

/// <summary>
/// A log in the format of code review tools: the subset of SARIF 2.1.0 (OASIS) that the service needs. Absent members are left out,
/// because the format has no null.
/// </summary>
/// <param name="Schema">Address of the schema that it follows.</param>
/// <param name="Version">Of the format: <c>2.1.0</c>.</param>
/// <param name="Runs">One run.</param>
/// <param name="Properties">The problem, if the response is one.</param>
internal sealed record SarifLog(
    [property: JsonPropertyName("$schema")] string Schema,
    string Version,
    IReadOnlyList<SarifRun> Runs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifProblem? Properties);

/// <summary>What a problem says (RFC 9457), in the place that the format leaves for others' members.</summary>
internal sealed record SarifProblem(string Type, string Title, int Status, string Detail, string Code, string TraceId);

/// <summary>One object held against the kernels.</summary>
/// <param name="Tool">Relo and its rules.</param>
/// <param name="Invocations">One; not successful where a kernel could not be looked at.</param>
/// <param name="Artifacts">The object.</param>
/// <param name="Results">What is wrong with it, the worst first.</param>
/// <param name="ColumnKind">How columns are counted.</param>
/// <param name="Properties">Members that the format does not have: how many kernels have which verdict.</param>
internal sealed record SarifRun(
    SarifTool Tool, IReadOnlyList<SarifInvocation> Invocations, IReadOnlyList<SarifArtifact> Artifacts, IEnumerable<SarifResult> Results, string ColumnKind, object Properties);

/// <summary>The tool.</summary>
internal sealed record SarifTool(SarifDriver Driver);

/// <summary>The program.</summary>
internal sealed record SarifDriver(string Name, string Version, string SemanticVersion, IReadOnlyList<SarifRule> Rules);

/// <summary>Something that results are of.</summary>
internal sealed record SarifRule(string Id, string Name, SarifText ShortDescription, SarifText FullDescription, SarifText Help, SarifConfiguration DefaultConfiguration);

/// <summary>How grave results of a rule are.</summary>
internal sealed record SarifConfiguration(string Level);

/// <summary>Words.</summary>
internal sealed record SarifText(string Text);

/// <summary>How the run went.</summary>
internal sealed record SarifInvocation(bool ExecutionSuccessful, IReadOnlyList<SarifNotification> ToolExecutionNotifications);

/// <summary>Kernels that could not be looked at, and why: nothing that is wrong with the object.</summary>
internal sealed record SarifNotification(SarifDescriptor Descriptor, string Level, SarifText Message, SarifKernels Properties);

/// <summary>A code.</summary>
internal sealed record SarifDescriptor(string Id);

/// <summary>Kernels.</summary>
internal sealed record SarifKernels(IEnumerable<string> Kernels);

/// <summary>The object.</summary>
internal sealed record SarifArtifact(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SarifArtifactLocation? Location, long Length, SarifHashes Hashes, IReadOnlyList<string> Roles);

/// <summary>Its digest, without a prefix.</summary>
internal sealed record SarifHashes([property: JsonPropertyName("sha-256")] string Sha256);
