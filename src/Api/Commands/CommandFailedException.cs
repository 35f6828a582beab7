namespace Relo.Api.Commands;

/// <summary>Ends a command with a message and an exit status.</summary>
internal sealed class CommandFailedException(int status, string message) : Exception(message)
{
    /// <summary>The exit status.</summary>
    public int Status => status;
}
