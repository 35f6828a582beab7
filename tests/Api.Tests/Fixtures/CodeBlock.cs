namespace Relo.Api.Tests.Fixtures;

/// <summary>A fenced block of a Markdown file.</summary>
/// <param name="Place">File and line.</param>
/// <param name="Language">First word after the fence.</param>
/// <param name="Words">The words after that: <c>norun</c>, or <c>file=NAME</c> for what is saved instead of run.</param>
/// <param name="IsNotRun">Whether no test can run it; the comment before it says why.</param>
/// <param name="Comment">The HTML comment before it; empty if there is none.</param>
/// <param name="Text">Its lines.</param>
internal sealed record CodeBlock(string Place, string Language, IReadOnlyList<string> Words, bool IsNotRun, string Comment, string Text)
{
    private const string Prompt = "$ ";

    /// <summary>Whether it has commands: <c>sh</c> has only commands, <c>console</c> also has their output.</summary>
    public bool HasCommands => Language is "sh" or "console";

    /// <summary>The name of the file to save it as; null if it is run.</summary>
    public string? SavedAs => Words.FirstOrDefault(word => word.StartsWith("file=", StringComparison.Ordinal))?["file=".Length..];

    /// <summary>Its commands with their output; null if that is not shown.</summary>
    public IEnumerable<(string Command, string? Printed)> Commands()
    {
        if (Language == "sh")
        {
            yield return (Text, null);
            yield break;
        }

        string command = "", printed = "";
        var isContinued = false;
        foreach (var line in Text.Split('\n').Append(Prompt))
        {
            if (!isContinued && line.StartsWith(Prompt, StringComparison.Ordinal))
            {
                if (command.Length > 0) yield return (command, printed);
                (command, printed) = (line[Prompt.Length..], "");
            }
            else if (isContinued) command += "\n" + line;
            else printed += line + "\n";
            isContinued = line.EndsWith('\\');
        }
    }
}
