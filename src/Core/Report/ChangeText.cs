namespace Relo.Core.Report;

/// <summary>A field change in words.</summary>
internal static class ChangeText
{
    /// <summary>The field in the object's types: <c>struct task_struct.state</c>.</summary>
    public static string Field(FieldChange change) => change switch
    {
        { Field: null } => change.Type,
        { LocalOffsetBytes: null } => $"{change.Type}::{change.Field}", // an enumerator
        _ => $"{change.Type}{(change.Field.StartsWith('[') ? "" : ".")}{change.Field}",
    };

    /// <summary>Its place in the object and on the kernel: <c>offset 16 -> 24, size 8 -> 4</c>.</summary>
    public static string Places(FieldChange change) => string.Join(", ", Parts(change));

    /// <summary>
    /// What may have replaced a missing field: <c>perhaps __state (unsigned int), renamed</c>; null if nothing is proposed.
    /// </summary>
    public static string? Proposal(FieldChange change) => change.Proposal is not { } proposal ? null
        : $"perhaps {proposal.Path}{(proposal.Type is { } type ? $" ({type})" : "")}, {proposal.Kind}";

    private static IEnumerable<string> Parts(FieldChange change)
    {
        var (was, now) = (Offset(change.LocalOffsetBytes, change.LocalBitOffset), Offset(change.TargetOffsetBytes, change.TargetBitOffset));
        if (was != now) yield return $"offset {was} -> {now}";
        if (change.LocalSizeBytes != change.TargetSizeBytes) yield return $"size {change.LocalSizeBytes} -> {change.TargetSizeBytes}";
        if (change.TargetType is { } type && type != change.Type) yield return $"in {type}";
    }

    private static string? Offset(long? bytes, int? bit) => bit is null ? $"{bytes}" : $"{bytes} bit {bit}";
}
