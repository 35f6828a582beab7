namespace Relo.Core.Report;

/// <summary>Finds what may have replaced a missing access, by the text of the access.</summary>
/// <param name="changes">The field changes on one kernel.</param>
public sealed class ProposalTexts(IEnumerable<FieldChange> changes)
{
    private readonly Dictionary<string, string> _texts = changes.Where(change => change.Proposal is not null)
        .GroupBy(KeyOf, StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => ChangeText.Proposal(same.First())!, StringComparer.Ordinal);

    /// <summary>The text, <c>perhaps __state (unsigned int), renamed</c>; null if nothing is proposed.</summary>
    /// <param name="local">The access as in reports: <c>struct task_struct.state (0:1 @ offset 16)</c>, <c>enum e::X = 3</c>.</param>
    public string? Of(string local)
    {
        if (_texts.Count == 0) return null;
        var end = local.IndexOf(" @ offset ", StringComparison.Ordinal);
        if (end < 0) end = local.IndexOf(" = ", StringComparison.Ordinal);
        return _texts.GetValueOrDefault(end < 0 ? local : local[..end]);
    }

    private static string KeyOf(FieldChange change) =>
        change.LocalOffsetBytes is null ? ChangeText.Field(change) : $"{ChangeText.Field(change)} ({change.AccessPath}";
}
