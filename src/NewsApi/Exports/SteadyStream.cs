using System.Diagnostics;

namespace NewsApi.Exports;

/// <summary>Writes to somebody who has to take it: each <see cref="Window"/> of bytes has its time, and what is late is broken off for good.</summary>
/// <param name="inner">Where it goes.</param>
/// <param name="over">Breaks it off as well.</param>
internal sealed class SteadyStream(Stream inner, CancellationToken over) : Stream
{
    public const int Window = 262_144;
    public static readonly TimeSpan MostPerWindow = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _late = CancellationTokenSource.CreateLinkedTokenSource(over);
    private TimeSpan _waited;
    private int _written;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Whatever token comes with it, as what is written last when a coding ends comes without one.</summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var part = buffer[..Math.Min(buffer.Length, Window - _written)];
            await WaitForAsync(inner.WriteAsync(part, _late.Token));
            buffer = buffer[part.Length..];
            _written += part.Length;
            if (_written == Window) (_written, _waited) = (0, TimeSpan.Zero);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => WaitForAsync(new ValueTask(inner.FlushAsync(_late.Token)));

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _late.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>Only the time counts in which the reader has it: what the database takes is not theirs.</summary>
    private async Task WaitForAsync(ValueTask writing)
    {
        if (writing.IsCompleted)
        {
            await writing;
            return;
        }

        var since = Stopwatch.GetTimestamp();
        _late.CancelAfter(MostPerWindow > _waited ? MostPerWindow - _waited : TimeSpan.Zero);
        await writing;
        _late.CancelAfter(Timeout.InfiniteTimeSpan);
        _waited += Stopwatch.GetElapsedTime(since);
    }
}
