import Link from 'next/link'

export default function Thanks() {
  return (
    <section className="plain">
      <h1>Thank you. The kettle is yours.</h1>
      <p className="lede">Your order is a conversion now, of every activity that you are in.</p>
      <Link className="button" href="/">
        Once more
      </Link>
    </section>
  )
}
