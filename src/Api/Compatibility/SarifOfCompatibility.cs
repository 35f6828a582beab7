using Relo.Api.Compatibility.Sarif;
using Relo.Core.Bytes;
using Relo.Core.Checks;
using Relo.Core.Compatibility;

namespace Relo.Api.Compatibility;

/// <summary>
/// Writes a compatibility document for code review. The document groups by kernel, a review by line: each access that does not exist on
/// some kernels is one result, and each other need that some kernels do not meet. A fault of the archive is a notification, not a result,
/// and makes the run unsuccessful.
/// </summary>
internal static class SarifOfCompatibility
{
    private const string Schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json";
    private const int KernelsInMessage = 3;

    private static readonly string Version = typeof(SarifOfCompatibility).Assembly.GetName().Version!.ToString(3);

    /// <summary>The log of a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="problem">The problem, if the response is one.</param>
    public static SarifLog Of(CompatibilityDocument document, SarifProblem? problem)
    {
        var tool = new SarifTool(new("Relo", Version, Version, SarifRules.All));
        var notifications = document.Groups.Where(group => group.Failure is { IsOfObject: false }).Select(Notification).ToList();
        var name = document.Object.Name;
        var artifact = new SarifArtifact(name is null ? null : new(SourcePlace.UriOf(name)), document.Object.SizeBytes,
            new(document.Object.Sha256["sha256:".Length..]), ["analysisTarget"]);
        var lacking = GroupsOf(document, group => group.Missing);
        // A helper that is called and absent has a result at each call.
        var unmet = GroupsOf(document, group => group.Checks.Where(check => check is not { Kind: NeedKind.Helper, IsLacking: true }));
        // Each result is created when it is written.
        var results = document.Groups.Where(group => group.Failure is { IsOfObject: true }).Select(group => Failure(group, document))
            .Concat(lacking.Where(pair => pair.Key.Reachable).Concat(lacking.Where(pair => !pair.Key.Reachable))
                .Select(pair => Access(pair.Key, pair.Value, document)))
            .Concat(unmet.OrderBy(pair => pair.Key.Optional).Select(pair => Need(pair.Key, pair.Value, document)));
        return new(Schema, "2.1.0",
            [new(tool, [new(notifications.Count == 0, notifications)], [artifact], results, "unicodeCodePoints",
            new SarifCounts(document.Kernels, document.Verdicts))], problem);
    }

    // The groups of kernels of each fault.
    private static OrderedDictionary<T, List<CompatibilityGroup>> GroupsOf<T>(
        CompatibilityDocument document, Func<CompatibilityGroup, IEnumerable<T>> faults)
        where T : notnull
    {
        var groups = new OrderedDictionary<T, List<CompatibilityGroup>>();
        foreach (var group in document.Groups)
        {
            foreach (var fault in faults(group))
            {
                if (!groups.TryGetValue(fault, out var having)) groups.Add(fault, having = []);
                having.Add(group);
            }
        }

        return groups;
    }

    private static SarifResult Access(MissingAccess access, List<CompatibilityGroup> groups, CompatibilityDocument document)
    {
        var rule = RuleOf(access);
        var outcome = !access.Reachable ? "it is never reached there"
            : $"the verifier will reject {access.Program ?? "the program"} "
                + $"there{(access.Optional ? ", which is loaded only on request" : "")}";
        // A program that is loaded only on request does not break the object.
        var level = access is { Reachable: true, Optional: true } ? "warning" : rule.DefaultConfiguration.Level;
        return new(rule.Id, SarifRules.IndexOf(rule), level,
            new($"{access.Local} does not exist ({access.Reason}) on {Kernels(groups, document.Kernels)}; "
                + $"{outcome}{Proposal(access, groups)}"),
            SourcePlace.Of(access.Source, access.Program, document.Object.Name),
            Fingerprint(rule, access.Local, access.Reason, access.Program, access.Source?.File, access.Source?.Text),
            new(access.Reason, access.Local, access.Program, groups.SelectMany(group => group.Kernels)));
    }

    private static SarifRule RuleOf(MissingAccess access) => access switch
    {
        { Reachable: false } => SarifRules.Guarded,
        { Reason: "unknown-helper" } => SarifRules.Of(NeedKind.Helper),
        { Reason: "absent-kfunc" } => SarifRules.Of(NeedKind.Kfunc),
        _ => SarifRules.Broken,
    };

    private static SarifResult Need(Check check, List<CompatibilityGroup> groups, CompatibilityDocument document)
    {
        var (rule, status) = (SarifRules.Of(check.Kind), check.Status == CheckStatus.Absent ? "absent" : "changed");
        var level = check.Optional ? "note" : check.Status == CheckStatus.Absent ? "error" : "warning";
        var program = check.Programs is [var only] ? only : null;
        var optional = check.Optional ? "; the object loads without it" : "";
        return new(rule.Id, SarifRules.IndexOf(rule), level,
            new($"{check.Name} is {status} on {Kernels(groups, document.Kernels)}: {check.Evidence}{optional}"),
            SourcePlace.Of(source: null, program, document.Object.Name), Fingerprint(rule, check.Name, status, program),
            new(status, check.Name, program, groups.SelectMany(group => group.Kernels)));
    }

    // As text: tools may apply a fix of SARIF without asking, and line information has neither the end of an expression nor its variables.
    private static string Proposal(MissingAccess access, List<CompatibilityGroup> groups) =>
        groups.Select(group => group.Proposals.Of(access.Local)).FirstOrDefault(text => text is not null) is { } proposal
            ? $"; {proposal}"
            : "";

    private static SarifResult Failure(CompatibilityGroup group, CompatibilityDocument document)
    {
        var (rule, failure) = (SarifRules.Failed, group.Failure!);
        return new(rule.Id, SarifRules.IndexOf(rule), rule.DefaultConfiguration.Level,
            new($"{failure.Detail}; on {Kernels([group], document.Kernels)}"),
            SourcePlace.Of(failure.Source, failure.Program, document.Object.Name),
            Fingerprint(rule, failure.Detail, failure.Code, failure.Program, failure.Source?.File, failure.Source?.Text),
            new(failure.Code, null, failure.Program, group.Kernels));
    }

    private static SarifNotification Notification(CompatibilityGroup group)
        => new(new(group.Failure!.Code), "error", new($"{Named([group])}: {group.Failure.Detail}"), new(group.Kernels));

    private static string Kernels(List<CompatibilityGroup> groups, int of) =>
        $"{groups.Sum(group => group.Kernels.Count)} of {of} kernels ({Named(groups)})";

    private static string Named(List<CompatibilityGroup> groups)
    {
        var more = groups.Sum(group => group.Kernels.Count) - KernelsInMessage;
        return string.Join(", ", groups.SelectMany(group => group.Kernels).Take(KernelsInMessage)) + (more > 0 ? $" and {more} more" : "");
    }

    // Without the line, which moves with every edit above it.
    private static SarifFingerprints Fingerprint(SarifRule rule, params ReadOnlySpan<string?> parts)
        => new(Digest.Of(System.Text.Encoding.UTF8.GetBytes($"{rule.Id}\n{string.Join('\n', parts)}")).Hex);
}
