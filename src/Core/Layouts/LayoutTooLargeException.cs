namespace Relo.Core.Layouts;

/// <summary>A type has more members than any kernel's, nested ones included.</summary>
public sealed class LayoutTooLargeException(string message) : Exception(message);
