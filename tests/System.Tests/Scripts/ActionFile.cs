using System.Text.RegularExpressions;

namespace Relo.SystemTests.Scripts;

/// <summary>A composite action of GitHub, of the parts of YAML that ours uses: mappings by indentation, <c>- name:</c>, and <c>run: |</c>.</summary>
internal sealed partial record ActionFile(IReadOnlyDictionary<string, string> Defaults, IReadOnlyList<ActionFile.Step> Steps)
{
    /// <summary>A step: its variables with the inputs that they are set to, and its commands.</summary>
    public sealed record Step(IReadOnlyDictionary<string, string> Environment, string Run);

    public static ActionFile Read(string path)
    {
        var text = File.ReadAllText(path);
        var inputs = text[text.IndexOf("\ninputs:\n", StringComparison.Ordinal)..text.IndexOf("\noutputs:\n", StringComparison.Ordinal)];
        var defaults = Input().Matches(inputs).ToDictionary(input => input.Groups[1].Value, input => input.Groups[2].Value.Trim('\''));
        Assert.Contains("\n  using: composite\n", text, StringComparison.Ordinal);
        var steps = text.Split("\n    - name: ")[1..];
        return new(defaults, [.. steps.Select(step =>
        {
            Assert.Contains("\n      shell: sh\n", step, StringComparison.Ordinal);
            Assert.DoesNotContain("${{", RunOf(step), StringComparison.Ordinal); // an input there would be a program
            return new Step(Variable().Matches(step).ToDictionary(pair => pair.Groups[1].Value, pair => pair.Groups[2].Value), RunOf(step));
        })]);
    }

    private static string RunOf(string step)
    {
        var run = step.Split("\n      run: ")[1];
        return run.StartsWith("|\n", StringComparison.Ordinal) ? run[2..].Replace("        ", "", StringComparison.Ordinal) : run;
    }

    [GeneratedRegex("""^  ([a-z-]+):\n    description: .*\n    default: (.*)$""", RegexOptions.Multiline)]
    private static partial Regex Input();

    [GeneratedRegex("""^        ([A-Z_]+): \$\{\{ inputs\.([a-z-]+) \}\}$""", RegexOptions.Multiline)]
    private static partial Regex Variable();
}
