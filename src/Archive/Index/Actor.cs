namespace Relo.Archive.Index;

/// <summary>Who causes the current work, for the audit trail: the caller of a request, a command, or the service itself.</summary>
public static class Actor
{
    /// <summary>Work that no request and no command caused: retention, background services.</summary>
    public const string Service = "the service itself";

    // Flows into all tasks of the request or command.
    private static readonly AsyncLocal<string?> Flowing = new();

    /// <summary>The actor of the current work.</summary>
    public static string Current => Flowing.Value ?? Service;

    /// <summary>Sets the actor of everything that follows in this task.</summary>
    public static void Is(string name) => Flowing.Value = name;
}
