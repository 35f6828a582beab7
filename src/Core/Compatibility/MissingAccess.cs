using System.Text.Json.Serialization;
using Relo.Core.Objects;

namespace Relo.Core.Compatibility;

/// <summary>
/// An access of the object that does not exist on a kernel, so that its instruction is poisoned; or a call of a function that it lacks.
/// </summary>
/// <param name="Local">The access in the object's types: <c>struct task_struct.state (0:1 @ offset 16)</c>; or the call.</param>
/// <param name="Reason">
/// As in reports: <c>no-field</c>, <c>no-type</c>, …; <c>architecture-mismatch</c> for registers of another architecture;
/// of calls <c>absent-kfunc</c>, <c>unknown-helper</c>, <c>poisoned-call</c>.
/// </param>
/// <param name="Program">The function that contains it.</param>
/// <param name="Reachable">Whether the instruction can be reached, so that the verifier will reject the program.</param>
/// <param name="Source">Its C source line.</param>
/// <param name="Optional">Whether the program is loaded only on request (<c>SEC("?…")</c>).</param>
public sealed record MissingAccess(
    string Local,
    string Reason,
    string? Program,
    bool Reachable,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SourceLine? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Optional = false);
