using System.Text;
using Relo.Api.Scripts;
using Relo.Archive.Naming;
using Relo.Core.Checks;

namespace Relo.Api.Bundles;

/// <summary>The script that selects an object from a bundle (<c>wwwroot/select.sh</c>), with the bundle's kernels inserted.</summary>
/// <param name="template">The script without kernels.</param>
internal sealed class SelectScript(string template)
{
    private const string Placeholder = "#KERNELS\n";
    private const int MostNamed = 3;

    private readonly StringBuilder _kernels = new();

    /// <summary>Reads the script.</summary>
    public static async Task<SelectScript> ReadAsync(IWebHostEnvironment environment, CancellationToken cancellation)
    {
        var template = await NodeScript.ReadAsync(environment.WebRootPath, "select.sh", cancellation);
        if (!template.Contains(Placeholder, StringComparison.Ordinal))
            throw new InvalidOperationException($"select.sh has no line {Placeholder.Trim()}");
        return new(template
            .Replace("#ARCHITECTURES\n", Cases(Architectures.Aliases), StringComparison.Ordinal)
            .Replace("#DISTRIBUTIONS\n", Cases(Distributions.Aliases), StringComparison.Ordinal)
            .Replace("@REBUILDS@", string.Join(' ', Distributions.RebuildsInArchives), StringComparison.Ordinal));
    }

    private static string Cases(IEnumerable<(string Name, string Spelling)> aliases)
        => string.Concat(aliases.Select(a => $"\t{a.Name}) echo {a.Spelling} ;;\n"));

    /// <summary>
    /// Adds the kernel of a part. Kernel names contain neither whitespace nor shell metacharacters.
    /// </summary>
    public void Add(BundlePart part)
    {
        var kernel = part.Kernel;
        _kernels.Append($"{kernel.Distro} {kernel.Version} {kernel.Arch} {kernel.Release} ")
            .Append(part switch
            {
                UsablePart usable => $"{usable.Digest.Hex}{Lacking(usable.Lacking)}",
                UnusablePart unusable => $"- {OneLine(unusable.Detail)}",
                _ => throw new InvalidOperationException(part.GetType().Name),
            })
            .Append('\n');
    }

    /// <summary>The script.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(template.Replace(Placeholder, _kernels.ToString(), StringComparison.Ordinal));

    private static string Lacking(IReadOnlyList<Check> checks)
    {
        if (checks.Count == 0) return "";
        var more = checks.Count > MostNamed ? $" and {checks.Count - MostNamed} more" : "";
        return OneLine($" {string.Join(", ", checks.Take(MostNamed).Select(check => check.Name))}{more}");
    }

    // Names of types and programs are untrusted. The shell expands nothing between <<'END' and END, so it is enough to remove line breaks.
    private static string OneLine(string text) => new([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
}
